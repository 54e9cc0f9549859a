import type { Notebook } from "@/api";
import { isLive } from "@/lib/status";

/** Seconds since it was asked for, or since it answers. */
export function elapsed(notebook: Notebook, now: Date): number | null {
  const since = notebook.status === "running" ? (notebook.started ?? notebook.workload?.started) : notebook.workload?.created;
  return since ? Math.max(0, (now.getTime() - Date.parse(since)) / 1000) : null;
}

/** When it ended, for those that do not run. */
export const endedAt = (notebook: Notebook): string | null => notebook.workload?.finished ?? notebook.last_activity;

/** Seconds until it is stopped for idleness, once that is less than 15 minutes away. */
export function idleSeconds(notebook: Notebook, now: Date): number | null {
  if (notebook.status !== "running" || !notebook.idle_stop_at) return null;
  const left = (Date.parse(notebook.idle_stop_at) - now.getTime()) / 1000;
  return left <= 15 * 60 ? Math.max(0, left) : null;
}

/** Stopping it now would interrupt somebody: something ran in it a moment ago. */
export function isInUse(notebook: Notebook, now: Date): boolean {
  if (notebook.status !== "running" || notebook.idle_stop_at) return false;
  return !notebook.last_activity || now.getTime() - Date.parse(notebook.last_activity) < 10 * 60_000;
}

export interface Sorted {
  readonly live: readonly Notebook[];
  readonly stopped: readonly Notebook[];
  readonly others: readonly Notebook[];
}

const newest = (a: Notebook, b: Notebook) => b.created.localeCompare(a.created);
const latest = (a: Notebook, b: Notebook) => (endedAt(b) ?? b.created).localeCompare(endedAt(a) ?? a.created);

/** Mine that live, mine that rest, and everybody else's. */
export function sort(notebooks: readonly Notebook[], me: string): Sorted {
  const mine = notebooks.filter((notebook) => notebook.owner === me);
  return {
    live: mine.filter((notebook) => isLive(notebook.status)).sort(newest),
    stopped: mine.filter((notebook) => !isLive(notebook.status)).sort(latest),
    others: notebooks.filter((notebook) => notebook.owner !== me).sort((a, b) => Number(isLive(b.status)) - Number(isLive(a.status)) || newest(a, b)),
  };
}
