import type { Job } from "@/api";
import { joinCommand } from "@/lib/shell";

export interface Variable { readonly name: string; readonly value: string }

/** A job about to be asked for, as it stands in the form. */
export interface Draft {
  readonly name: string;
  readonly command: string;
  readonly software: "environment" | "image";
  /** By id or slug; empty is the first that can be had. */
  readonly environment: string;
  readonly image: string;
  readonly profile: string;
  readonly variables: readonly Variable[];
}

export const EMPTY: Draft = { name: "", command: "", software: "environment", environment: "", image: "", profile: "", variables: [] };

/** The same once more. */
export const likeJob = (job: Job): Draft => ({
  name: job.name,
  command: joinCommand(job.command),
  software: job.image && !job.environment ? "image" : "environment",
  environment: job.environment?.id ?? "",
  image: job.image && !job.environment ? job.image : "",
  profile: job.profile.id,
  variables: Object.entries(job.env).map(([name, value]) => ({ name, value })),
});

/** What an address asks for: ?command=python+train.py&profile=small&env=SEED%3D1 */
export function fromAddress(search: URLSearchParams): Draft {
  const image = search.get("image") ?? "";
  return {
    name: search.get("name") ?? "", command: search.get("command") ?? "", software: image ? "image" : "environment",
    environment: search.get("environment") ?? "", image, profile: search.get("profile") ?? "",
    variables: search.getAll("env").map((pair) => {
      const at = pair.indexOf("=");
      return at < 0 ? { name: pair, value: "" } : { name: pair.slice(0, at), value: pair.slice(at + 1) };
    }),
  };
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

export type VariableProblem = "form.envBadName" | "form.envTwice";

/** What is wrong with each variable's name; a row left wholly empty is no variable. */
export function problemsOf(variables: readonly Variable[]): readonly (VariableProblem | null)[] {
  return variables.map(({ name, value }, index) => {
    if (!name && !value) return null;
    if (!NAME.test(name)) return "form.envBadName";
    return variables.findIndex((other) => other.name === name) < index ? "form.envTwice" : null;
  });
}

export const envOf = (variables: readonly Variable[]): Record<string, string> =>
  Object.fromEntries(variables.filter(({ name }) => name).map(({ name, value }) => [name, value]));

const key = (project: string, search: string) => `atelier.job-draft.${project}${search}`;

/**
 * A draft belongs to the address it was begun at, and to this tab: a reload finds it, another form
 * does not. Values of variables are no business of other tabs or days.
 */
export function storedDraft(project: string, search: string): Draft | null {
  try {
    const kept = sessionStorage.getItem(key(project, search));
    return kept ? { ...EMPTY, ...(JSON.parse(kept) as Partial<Draft>) } : null;
  } catch {
    return null;
  }
}

export function storeDraft(project: string, search: string, draft: Draft | null): void {
  try {
    if (draft) sessionStorage.setItem(key(project, search), JSON.stringify(draft));
    else sessionStorage.removeItem(key(project, search));
  } catch {
    // Storage is blocked: the draft lives as long as the page.
  }
}
