/** What people see of a workload, and the tone its colour takes. One list for the whole product. */
export const STATUSES = [
  "queued", "starting", "running", "stopping", "succeeded", "failed", "stopped", "refused", "asleep",
] as const;
export type Status = (typeof STATUSES)[number];

export const LIVE: ReadonlySet<Status> = new Set<Status>(["queued", "starting", "running", "stopping"]);

export const isLive = (status: Status): boolean => LIVE.has(status);
