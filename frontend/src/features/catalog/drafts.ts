// Forms hold text as it was typed; these functions turn it into what the portal takes, or name
// the fields that do not make sense.
import type { Environment, Profile, ProfileKind } from "@/api";
import { coresText, gibText, parseCores, parseCount, parseGib } from "@/lib/quantity";
import type { EnvironmentBody, ProfileBody } from "./queries";

interface Common {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly all_projects: boolean;
  readonly projects: readonly string[];
  readonly ordering: string;
}
export interface EnvironmentDraft extends Common {
  readonly image: string;
  readonly local_runtime: string;
  readonly packages: string;
}
export interface AcceleratorDraft { readonly kind: string; readonly count: string }
export interface ProfileDraft extends Common {
  readonly kind_label: ProfileKind;
  readonly cores: string;
  readonly memory: string;
  readonly shared: string;
  readonly accelerators: readonly AcceleratorDraft[];
  readonly executors: string;
  readonly executorCores: string;
  readonly executorMemory: string;
}

export type Problem = "needed" | "badNumber" | "badCount" | "badPackages" | "badKind";
export type Problems = Readonly<Record<string, Problem>>;

const COMMON: Common = { slug: "", name: "", description: "", enabled: true, all_projects: true, projects: [], ordering: "0" };

const commonOf = (from: Environment | Profile): Common => ({
  slug: from.slug, name: from.name, description: from.description, enabled: from.enabled, all_projects: from.all_projects,
  projects: [...from.projects].sort(), ordering: String(from.ordering),
});

const common = (draft: Common) => ({
  slug: draft.slug.trim(), name: draft.name.trim(), description: draft.description.trim(), enabled: draft.enabled,
  all_projects: draft.all_projects, projects: draft.all_projects ? [] : [...draft.projects], ordering: Number(draft.ordering.trim() || 0),
});

function commonProblems(draft: Common, isNew: boolean): Record<string, Problem> {
  const problems: Record<string, Problem> = {};
  if (!draft.name.trim()) problems.name = "needed";
  if (isNew && !draft.slug.trim()) problems.slug = "needed";
  if (!/^-?\d{0,6}$/.test(draft.ordering.trim())) problems.ordering = "badCount";
  return problems;
}

// --- environments ---------------------------------------------------------------------------

export const emptyEnvironment: EnvironmentDraft = { ...COMMON, image: "", local_runtime: "", packages: "" };

export const environmentDraft = (from: Environment): EnvironmentDraft => ({
  ...commonOf(from), image: from.image, local_runtime: from.local_runtime,
  packages: from.packages.map(({ name, version }) => `${name} ${version}`).join("\n"),
});

const LINE = /^([^\s=]+)(?:\s*==\s*|\s+)(\S+)$/;
const lines = (text: string) => text.split("\n").map((line) => line.trim());

/** The first line without a version, counted from one; null when all are right. */
export function badPackageLine(text: string): number | null {
  const at = lines(text).findIndex((line) => line !== "" && !LINE.test(line));
  return at < 0 ? null : at + 1;
}

export function parsePackages(text: string): { name: string; version: string }[] {
  return lines(text).flatMap((line) => {
    const [, name, version] = LINE.exec(line) ?? [];
    return name && version ? [{ name, version }] : [];
  });
}

export function environmentProblems(draft: EnvironmentDraft, isNew: boolean): Problems {
  const problems = commonProblems(draft, isNew);
  if (badPackageLine(draft.packages) !== null) problems.packages = "badPackages";
  return problems;
}

export const environmentBody = (draft: EnvironmentDraft): EnvironmentBody => ({
  ...common(draft), image: draft.image.trim(), local_runtime: draft.local_runtime.trim(), packages: parsePackages(draft.packages),
});

// --- profiles -------------------------------------------------------------------------------

export const emptyProfile: ProfileDraft = {
  ...COMMON, kind_label: "cpu", cores: "2", memory: "8", shared: "0", accelerators: [], executors: "2", executorCores: "2", executorMemory: "8",
};

export const profileDraft = (from: Profile): ProfileDraft => ({
  ...commonOf(from), kind_label: from.kind_label,
  cores: coresText(from.resources.cpu_millicores), memory: gibText(from.resources.memory_bytes), shared: gibText(from.shared_memory_bytes),
  accelerators: Object.entries(from.resources.accelerators ?? {}).map(([kind, count]) => ({ kind, count: String(count) })),
  executors: String(from.spark_executors),
  executorCores: coresText(from.spark_executor_resources?.cpu_millicores ?? 2000),
  executorMemory: gibText(from.spark_executor_resources?.memory_bytes ?? 8 * 1024 ** 3),
});

const positive = (amount: number | null): boolean => amount !== null && amount > 0;

export function profileProblems(draft: ProfileDraft, isNew: boolean): Problems {
  const problems = commonProblems(draft, isNew);
  if (!positive(parseCores(draft.cores))) problems.cores = "badNumber";
  if (!positive(parseGib(draft.memory))) problems.memory = "badNumber";
  if (parseGib(draft.shared) === null) problems.shared = "badNumber";
  draft.accelerators.forEach(({ kind, count }, index) => {
    if (!kind.trim()) problems[`accelerators.${index}.kind`] = "badKind";
    if (!positive(parseCount(count))) problems[`accelerators.${index}.count`] = "badCount";
  });
  if (draft.kind_label !== "spark") return problems;
  if (!positive(parseCount(draft.executors))) problems.executors = "badCount";
  if (!positive(parseCores(draft.executorCores))) problems.executorCores = "badNumber";
  if (!positive(parseGib(draft.executorMemory))) problems.executorMemory = "badNumber";
  return problems;
}

export function profileBody(draft: ProfileDraft): ProfileBody {
  const spark = draft.kind_label === "spark";
  return {
    ...common(draft), kind_label: draft.kind_label, shared_memory_bytes: parseGib(draft.shared) ?? 0,
    resources: {
      cpu_millicores: parseCores(draft.cores) ?? 0, memory_bytes: parseGib(draft.memory) ?? 0,
      accelerators: Object.fromEntries(draft.accelerators.map(({ kind, count }) => [kind.trim(), parseCount(count) ?? 0])),
    },
    spark_executors: spark ? (parseCount(draft.executors) ?? 0) : 0,
    spark_executor_resources: spark ? { cpu_millicores: parseCores(draft.executorCores) ?? 0, memory_bytes: parseGib(draft.executorMemory) ?? 0 } : null,
  };
}
