import type { Workload } from "@/api";

export interface Live { readonly running: number; readonly queued: number }

/** How much runs and how much waits, by project id or by owner. */
export function liveBy(workloads: readonly Workload[], key: (workload: Workload) => string): ReadonlyMap<string, Live> {
  const counts = new Map<string, Live>();
  for (const workload of workloads) {
    const { running, queued } = counts.get(key(workload)) ?? { running: 0, queued: 0 };
    const waits = workload.status === "queued";
    counts.set(key(workload), { running: running + (waits ? 0 : 1), queued: queued + (waits ? 1 : 0) });
  }
  return counts;
}
