import type { Job } from "@/api";
import { isLive } from "@/lib/status";

export interface JobState {
  /** Accepted, and the command has not begun. */
  readonly isWaiting: boolean;
  readonly isOver: boolean;
}

export const jobOf = ({ status }: Job): JobState => ({ isWaiting: status === "queued" || status === "starting", isOver: !isLive(status) });

/** Seconds it waited, runs or ran: what stands beside the status. */
export function elapsed(job: Job, now: Date): number | null {
  const until = job.finished ? Date.parse(job.finished) : now.getTime();
  const since = job.started ?? (job.finished ? null : job.created);
  return since ? Math.max(0, (until - Date.parse(since)) / 1000) : null;
}

/** Seconds between being asked for and being given its quota; null while that is not known. */
export function queuedSeconds({ workload }: Job): number | null {
  return workload.progress.find(({ step }) => step === "quota")?.seconds ?? null;
}

/** Seconds from the quota to the first moment of the command, over all steps that are known. */
export function startingSeconds({ workload }: Job): number | null {
  const steps = workload.progress.filter(({ step, seconds }) => step !== "quota" && seconds !== null);
  return steps.length ? steps.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0) : null;
}

export const isOutOfMemory = ({ reason }: Job): boolean => reason?.code === "OUT_OF_MEMORY";
