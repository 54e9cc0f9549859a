import type { Progress } from "@/api";
import { formatDuration, formatElapsed } from "@/lib/formatDuration";
import { useT } from "@/lib/i18n";
import { cx } from "@/ui/cx";
import { Icon } from "@/ui/Icon";
import { useNow } from "@/ui/Time";
import { partsMessages } from "../i18n";
import styles from "./Steps.module.css";

const ICONS = { done: "tickRing", active: "ring", failed: "crossRing" } as const;
const KNOWN = ["quota", "submitted", "placed", "volume", "image", "answering", "ready"] as const;

const isKnown = (step: string): step is (typeof KNOWN)[number] => KNOWN.includes(step as (typeof KNOWN)[number]);

/** Steps that are told in other words for a job. */
const OF_JOBS = ["submitted", "answering", "ready"] as const;
const isOfJobs = (step: string): step is (typeof OF_JOBS)[number] => OF_JOBS.includes(step as (typeof OF_JOBS)[number]);

/** A step as it is being done, or as a fact; one the portal learnt later shows its own name. */
export function useStepName(kind: string): (progress: Progress) => string {
  const t = useT(partsMessages);
  return ({ step, state }) => {
    if (!isKnown(step)) return step.charAt(0).toUpperCase() + step.slice(1);
    const form = state === "active" || state === "failed" ? "active" : "done";
    return kind === "job" && isOfJobs(step) ? t(`step.job.${step}.${form}`) : t(`step.${step}.${form}`);
  };
}

interface Props {
  readonly kind: string;
  readonly progress: readonly Progress[];
  /** When the start was asked for: the step under way counts from where the last one ended. */
  readonly since: string;
}

function Seconds({ progress, since, entry }: Omit<Props, "kind"> & { readonly entry: Progress }) {
  const { language } = useT(partsMessages);
  const now = useNow(500).getTime();
  if (entry.seconds !== null) return formatDuration(entry.seconds, language);
  if (entry.state !== "active") return null;
  const spent = progress.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0);
  return formatElapsed(Math.max(0, (now - Date.parse(since)) / 1000 - spent), language);
}

/** What was done, what is being done and what is still to come, each with its real duration. */
export function Steps({ kind, progress, since }: Props) {
  const t = useT(partsMessages);
  const name = useStepName(kind);
  return (
    <ol className={styles.steps} aria-label={t("steps")}>
      {progress.map((entry) => (
        <li key={entry.step} className={cx(styles.step, styles[entry.state])} aria-current={entry.state === "active" ? "step" : undefined}>
          {entry.state === "waiting" ? <span className={styles.hollow} /> : <Icon name={ICONS[entry.state]} />}
          <span className="grow">{name(entry)}</span>
          <span className="sr-only">{t(`step.state.${entry.state}`)}</span>
          <span className="faint small nowrap"><Seconds progress={progress} since={since} entry={entry} /></span>
        </li>
      ))}
    </ol>
  );
}
