import type { Job } from "@/api";
import { useT } from "@/lib/i18n";
import { Steps } from "@/parts/run/Steps";
import { Why } from "@/parts/run/Why";
import { jobsMessages } from "../i18n";
import type { ShownLog } from "../log/useLog";
import styles from "./jobs.module.css";

const LAST = 8;

function LastLines({ log }: { readonly log: ShownLog }) {
  const t = useT(jobsMessages);
  const { text } = log;
  if (text.isEmpty) return null;
  const lines = Array.from({ length: Math.min(LAST, text.length) }, (_, offset) => text.words(text.length - Math.min(LAST, text.length) + offset));
  return (
    <div>
      <h3>{t("evidence.lines")}</h3>
      {/* Long lines scroll sideways: the region takes the focus for it. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className={styles.last} tabIndex={0} aria-label={t("evidence.lines")}>{lines.join("\n")}</pre>
    </div>
  );
}

/** Why it waits, or why it ended as it did, with what shows it. */
export function WhyJob({ job, log, tab }: { readonly job: Job; readonly log: ShownLog; readonly tab: string }) {
  const t = useT(jobsMessages);
  const reason = job.reason ?? job.workload.reason;
  return (
    <Why status={job.status} reason={reason} meanwhile={{ queued: t("meanwhile.queued"), starting: t("meanwhile.starting") }}>
      {job.status === "starting" && <div className={styles.evidence}><Steps kind="job" progress={job.workload.progress} since={job.workload.created} /></div>}
      {/* The log itself stands below on its own tab. */}
      {job.status === "failed" && tab !== "logs" && !log.text.isEmpty && <div className={styles.evidence}><LastLines log={log} /></div>}
    </Why>
  );
}
