import type { Job, Progress } from "@/api";
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

/** Until it has a place it waits in a queue: the platform's, then the cluster's. */
const QUEUE = new Set(["quota", "submitted", "placed"]);

export const isOfQueue = ({ step }: Progress): boolean => QUEUE.has(step);

function sumOf(steps: readonly Progress[]): number | null {
  const known = steps.flatMap(({ seconds }) => seconds ?? []);
  return known.length ? known.reduce((sum, seconds) => sum + seconds, 0) : null;
}

/** Seconds between being asked for and having a place; null while none of it is known. */
export const queuedSeconds = ({ workload }: Job): number | null => sumOf(workload.progress.filter(isOfQueue));

/** Seconds from the place to the first moment of the command. */
export const startingSeconds = ({ workload }: Job): number | null => sumOf(workload.progress.filter((entry) => !isOfQueue(entry)));

export const isOutOfMemory = ({ reason }: Job): boolean => reason?.code === "OUT_OF_MEMORY";
