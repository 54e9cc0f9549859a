import type { Workload } from "@/api";

export interface Wanted { readonly search: string; readonly kind: string; readonly owner: string; readonly project: string; readonly status: string }

/** The rows that match all that is asked for; nothing asked matches everything. */
export function matching(workloads: readonly Workload[], wanted: Wanted): Workload[] {
  const part = wanted.search.trim().toLowerCase();
  return workloads.filter(({ name, id, kind, owner, project, status }) =>
    (!part || name.toLowerCase().includes(part) || id === part)
    && (!wanted.kind || kind === wanted.kind)
    && (!wanted.owner || owner === wanted.owner)
    && (!wanted.project || project.slug === wanted.project)
    && (!wanted.status || status === wanted.status));
}

export interface Sum { readonly running: number; readonly starting: number; readonly queued: number; readonly stale: number; readonly cpu: number; readonly memory: number }

/** What is queued without quota holds nothing yet, but it counts as live. */
export function sumOf(workloads: readonly Workload[]): Sum {
  const count = (...statuses: string[]) => workloads.filter(({ status }) => statuses.includes(status)).length;
  const holding = workloads.filter(({ phase }) => phase !== "QUEUED");
  return {
    running: count("running", "stopping"), starting: count("starting"), queued: count("queued"),
    stale: workloads.filter(({ stale_since: stale }) => stale).length,
    cpu: holding.reduce((sum, { resources }) => sum + resources.cpu_millicores, 0),
    memory: holding.reduce((sum, { resources }) => sum + resources.memory_bytes, 0),
  };
}
