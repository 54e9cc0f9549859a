import { useState } from "react";
import type { Job } from "@/api";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { jobsMessages } from "../i18n";
import { useStop, useStopReason } from "./actions";

/** A waiting job has nothing to lose and is cancelled at once; a running one asks first. */
export function StopJob({ job }: { readonly job: Job }) {
  const t = useT(jobsMessages);
  const stop = useStop(job);
  const reason = useStopReason(job);
  const [asking, setAsking] = useState(false);
  const { name, status } = job;
  if (status === "queued") return <Button kind="danger" icon="x" disabledReason={reason} onClick={stop}>{t("cancel")}</Button>;
  if (status !== "starting" && status !== "running") return null;
  return (
    <>
      <Button kind="danger" icon="stop" disabledReason={reason} aria-label={t("stop.action", { name })} onClick={() => setAsking(true)}>{t("stop")}</Button>
      {asking && (
        <ConfirmDialog title={t("stop.title", { name })} action={t("stop.action", { name })} onClose={() => setAsking(false)}
          onConfirm={() => { setAsking(false); stop(); }}>
          {t("stop.text")}
        </ConfirmDialog>
      )}
    </>
  );
}
