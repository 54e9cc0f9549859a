import type { Job, Notebook, QuotaAmounts, Workload } from "@/api";

const IDLE_WINDOW_MS = 15 * 60_000;
const NEAR = 0.9;
/** A series that fails is told by its newest few. */
const MOST_JOBS = 3;

export type Need =
  | { readonly kind: "idle"; readonly notebook: Notebook; readonly seconds: number }
  | { readonly kind: "failed" | "refused"; readonly notebook: Notebook }
  | { readonly kind: "job"; readonly job: Job }
  | { readonly kind: "quota"; readonly line: QuotaAmounts & { readonly limit: number } };

const isToday = (at: string, now: Date) => new Date(at).toDateString() === now.toDateString();

function needOf(notebook: Notebook, now: Date): Need[] {
  if (notebook.status === "running" && notebook.idle_stop_at) {
    const left = Date.parse(notebook.idle_stop_at) - now.getTime();
    return left <= IDLE_WINDOW_MS ? [{ kind: "idle", notebook, seconds: Math.max(0, left / 1000) }] : [];
  }
  const ended = notebook.workload?.finished ?? notebook.workload?.created;
  const recent = ended !== undefined && isToday(ended, now);
  return recent && (notebook.status === "failed" || notebook.status === "refused") ? [{ kind: notebook.status, notebook }] : [];
}

/** A job of today that failed, or was never started. */
const failedToday = (jobs: readonly Job[], now: Date): Need[] =>
  jobs.filter((job) => (job.status === "failed" || job.status === "refused") && isToday(job.finished ?? job.created, now)).map((job) => ({ kind: "job", job }));

/** What a person should look at before anything else, the most pressing first. */
export function needs(notebooks: readonly Notebook[], jobs: readonly Job[], quota: readonly QuotaAmounts[], now: Date): Need[] {
  const mine = notebooks.flatMap((notebook) => needOf(notebook, now));
  const idle = mine.filter((need) => need.kind === "idle");
  const ended = mine.filter((need) => need.kind !== "idle");
  const lines = quota.flatMap((line) => (line.limit !== null && line.limit > 0 && line.used / line.limit >= NEAR ? [{ kind: "quota" as const, line: { ...line, limit: line.limit } }] : []));
  return [...idle, ...ended, ...failedToday(jobs, now).slice(0, MOST_JOBS), ...lines];
}

/** Ended since midnight, the latest first. */
export const finishedToday = (workloads: readonly Workload[], now: Date): Workload[] =>
  workloads.filter(({ finished }) => finished !== null && isToday(finished, now)).sort((a, b) => (b.finished ?? "").localeCompare(a.finished ?? ""));
