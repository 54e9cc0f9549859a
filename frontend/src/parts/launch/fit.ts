import type { Profile, ProjectQuotaLine } from "@/api";
import type { IconName } from "@/ui/Icon";

export const KIND_ICONS = { cpu: "cpu", gpu: "gpu", spark: "spark" } as const satisfies Record<string, IconName>;

/** What is about to be started: notebooks also count by number, and jobs may wait for what is used up. */
export type LaunchKind = "notebook" | "job";

export interface Fit { readonly verdict: "fits" | "quota"; readonly resource: string; readonly free: number | null }

/** What a profile takes from each limit. */
function claims(profile: Profile, kind: LaunchKind): Record<string, number> {
  const { cpu_millicores: cpu, memory_bytes: memory, accelerators = {} } = profile.resources;
  const kinds = Object.entries(accelerators).map(([kind, count]) => [`accelerator:${kind}`, count]);
  return { cpu, memory, ...(kind === "notebook" ? { notebooks: 1 } : {}), ...(Object.fromEntries(kinds) as Record<string, number>) };
}

/**
 * Whether a profile fits now, from the most that one start could get of each resource. Only a
 * first look for the cards: the fit check beside the form decides with all that the portal knows.
 */
export function fitOf(profile: Profile, lines: readonly ProjectQuotaLine[], kind: LaunchKind = "notebook"): Fit {
  const needs = claims(profile, kind);
  const short = lines.find(({ resource, free }) => free !== null && free < (needs[resource] ?? 0));
  if (short) return { verdict: "quota", resource: short.resource, free: short.free };
  const shown = Object.keys(needs).find((resource) => resource.startsWith("accelerator:")) ?? "cpu";
  return { verdict: "fits", resource: shown, free: lines.find(({ resource }) => resource === shown)?.free ?? null };
}
