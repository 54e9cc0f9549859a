import type { Job, Progress } from "@/api";
import { formatDuration, formatElapsed } from "@/lib/formatDuration";
import { formatClock } from "@/lib/formatTime";
import { useT } from "@/lib/i18n";
import { partsMessages } from "@/parts/i18n";
import { useStepName } from "@/parts/run/Steps";
import { Timeline, useEndPoint, useRunningPoint, type Point } from "@/parts/run/Timeline";
import { useNow } from "@/ui/Time";
import { jobsMessages } from "../i18n";
import { isOfQueue, queuedSeconds, startingSeconds } from "../meaning";

const progressOf = (job: Job): readonly Progress[] => job.workload.progress;

/** How long it waited for quota and a place in the queue, or has so far. */
function useQueuedPoint(job: Job): Point {
  const t = useT(jobsMessages);
  const now = useNow(1000).getTime();
  const seconds = queuedSeconds(job);
  const base = { key: "queued", title: t("timeline.queued") };
  if (job.status === "queued") {
    const soFar = formatElapsed(Math.max(0, (now - Date.parse(job.created)) / 1000), t.language);
    return { ...base, tone: "queued", lines: [t("timeline.soFar", { duration: soFar })] };
  }
  if (seconds !== null) return { ...base, tone: "done", lines: [formatDuration(seconds, t.language)] };
  return { ...base, tone: job.started ? "done" : "waiting", lines: [] };
}

/** From the quota to the command's first moment; the step under way is named. */
function useStartingPoint(job: Job): Point {
  const t = useT(jobsMessages);
  const name = useStepName("job");
  const seconds = startingSeconds(job);
  const base = { key: "starting", title: t("timeline.starting") };
  const took = seconds === null ? [] : [formatDuration(seconds, t.language)];
  if (job.started) return { ...base, tone: "done", lines: took };
  const failed = progressOf(job).find(({ state }) => state === "failed");
  const active = progressOf(job).find(({ state }) => state === "active");
  const broke = failed && !isOfQueue(failed);
  if (job.finished) return { ...base, tone: broke ? "failed" : "waiting", lines: broke ? [name(failed)] : [] };
  return job.status === "starting" ? { ...base, tone: "coming", lines: active ? [name(active)] : [] } : { ...base, tone: "waiting", lines: [] };
}

/** Submitted, queued, starting, running and the end, each with its time or how long it took. */
export function JobTimeline({ job }: { readonly job: Job }) {
  const t = useT(jobsMessages);
  const words = useT(partsMessages);
  const submitted: Point = {
    key: "submitted", tone: "done", title: t("timeline.submitted"),
    lines: [formatClock(job.created, t.language, true), words("timeline.byOwner", { name: job.owner })],
  };
  const exit = job.exit_code === null ? null : t("timeline.exit", { code: job.exit_code });
  const points = [submitted, useQueuedPoint(job), useStartingPoint(job), useRunningPoint(job), useEndPoint(job, job.finished ? exit : null)];
  return <Timeline points={points} />;
}
