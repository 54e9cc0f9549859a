import { useEffect, useState } from "react";

/** What a launch form offers: an environment or a profile. */
interface Choice { readonly id: string; readonly slug: string; readonly unavailable_reason: unknown }

/** The wanted one by id or slug, else the first that can be had. */
export function pick(choices: readonly Choice[] | undefined, ...wanted: readonly (string | null | undefined)[]): string {
  for (const name of wanted) {
    const found = choices?.find(({ id, slug }) => id === name || slug === name);
    if (found) return found.id;
  }
  return (choices?.find((choice) => !choice.unavailable_reason) ?? choices?.[0])?.id ?? "";
}

export interface Chosen { readonly environment: string; readonly profile: string }

const key = (kind: string, project: string) => `atelier.${kind}.${project}`;

/** What was chosen last time for this kind of work in this project. */
export function lastChoice(kind: string, project: string): Partial<Chosen> {
  try {
    return JSON.parse(localStorage.getItem(key(kind, project)) ?? "{}") as Partial<Chosen>;
  } catch {
    return {};
  }
}

export function rememberChoice(kind: string, project: string, { environment, profile }: Chosen): void {
  try {
    localStorage.setItem(key(kind, project), JSON.stringify({ environment, profile }));
  } catch {
    // Storage is blocked: the first choices are offered next time.
  }
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
