import { useEffect, useState } from "react";
import { useSearchParams } from "react-router";
import type { Environment, Profile } from "@/api";
import { useTyped } from "@/ui/useTyped";

export interface NotebookDraft { readonly name: string; readonly environment: string; readonly profile: string }

const key = (project: string) => `atelier.notebook.${project}`;

/** What was chosen last time in this project. */
function lastChoice(project: string): Partial<NotebookDraft> {
  try {
    return JSON.parse(localStorage.getItem(key(project)) ?? "{}") as Partial<NotebookDraft>;
  } catch {
    return {};
  }
}

export function rememberChoice(project: string, { environment, profile }: NotebookDraft): void {
  try {
    localStorage.setItem(key(project), JSON.stringify({ environment, profile }));
  } catch {
    // Storage is blocked: the first choices are offered next time.
  }
}

type Choice = { readonly id: string; readonly slug: string; readonly unavailable_reason: unknown };

/** The wanted one by id or slug, else the first that can be had. */
function pick(choices: readonly Choice[] | undefined, ...wanted: readonly (string | null | undefined)[]): string {
  for (const name of wanted) {
    const found = choices?.find(({ id, slug }) => id === name || slug === name);
    if (found) return found.id;
  }
  return (choices?.find((choice) => !choice.unavailable_reason) ?? choices?.[0])?.id ?? "";
}

/**
 * The draft lives in the address, so that it survives a reload and can be sent to somebody;
 * what it leaves open is what was chosen last time.
 */
export function useDraft(project: string, environments: readonly Environment[] | undefined, profiles: readonly Profile[] | undefined) {
  const [search, setSearch] = useSearchParams();
  const [last] = useState(() => lastChoice(project));
  const keep = (changes: Partial<NotebookDraft>): void => {
    setSearch((current) => {
      const next = new URLSearchParams(current);
      for (const [name, value] of Object.entries(changes)) {
        if (value) next.set(name, value);
        else next.delete(name);
      }
      return next;
    }, { replace: true });
  };
  const [name, typeName] = useTyped(search.get("name") ?? "", (text) => keep({ name: text }));
  const draft: NotebookDraft = {
    name,
    environment: pick(environments, search.get("environment"), last.environment),
    profile: pick(profiles, search.get("profile"), last.profile),
  };
  const change = ({ name: typed, ...chosen }: Partial<NotebookDraft>): void => {
    if (typed !== undefined) typeName(typed);
    if (Object.keys(chosen).length) keep(chosen);
  };
  return { draft, change };
}

/** The value once it has rested for a moment. */
export function useRested<T>(value: T, ms: number): T {
  const text = JSON.stringify(value);
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), ms);
    return () => clearTimeout(timer);
  }, [text, ms]);
  return JSON.parse(rested) as T;
}
