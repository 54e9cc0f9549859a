import type { Language } from "./i18n/types";
import { formatBinary } from "./formatBytes";

/** What a workload may use at most, as the portal sends it. */
export interface Resources {
  readonly cpu_millicores: number;
  readonly memory_bytes: number;
  readonly storage_bytes?: number;
  readonly accelerators?: Readonly<Record<string, number>>;
}

const CORES = { en: { one: "core", other: "cores" }, fr: { one: "cœur", other: "cœurs" } } as const;

export function formatCores(millicores: number, language: Language): string {
  const cores = millicores / 1000;
  const form = new Intl.PluralRules(language).select(cores) === "one" ? "one" : "other";
  const figure = cores.toLocaleString(language, { maximumFractionDigits: 2 });
  return `${figure} ${CORES[language][form]}`;
}

/** "nvidia.com/gpu" reads as "GPU"; "nvidia.com/a100" as "A100". */
export function acceleratorName(kind: string): string {
  return (kind.split("/").pop() ?? kind).toUpperCase();
}

export function resourceParts(resources: Resources, language: Language): string[] {
  const accelerators = Object.entries(resources.accelerators ?? {})
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count.toLocaleString(language)} × ${acceleratorName(kind)}`);
  return [...accelerators, formatCores(resources.cpu_millicores, language), formatBinary(resources.memory_bytes, language)];
}

/** "4 cores · 16 GiB" */
export function formatResources(resources: Resources, language: Language): string {
  return resourceParts(resources, language).join(" · ");
}
