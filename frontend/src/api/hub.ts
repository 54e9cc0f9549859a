import { useEffect, useSyncExternalStore } from "react";
import { isApiError } from "./errors";

/** The notebook hub's absence, learnt from refusals: only administrators may ask for its health. */
export const HUB_CODES: ReadonlySet<string> = new Set(["HUB_UNREACHABLE", "ENGINE_UNREACHABLE", "ENGINE_UNAVAILABLE"]);
const FORGET_MS = 60_000;

interface Absence { readonly since: number; readonly last: number }

let absence: Absence | null = null;
const listeners = new Set<() => void>();

function change(next: Absence | null): void {
  absence = next;
  for (const listener of listeners) listener();
}

export function noteHub(error: unknown): void {
  if (!isApiError(error) || !HUB_CODES.has(error.code)) return;
  const now = Date.now();
  change({ since: absence?.since ?? now, last: now });
}

export const hubAnswered = (): void => {
  if (absence) change(null);
};

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Since when the hub has not answered; forgotten a minute after the last failure. */
export function useHubAbsence(): number | null {
  const current = useSyncExternalStore(subscribe, () => absence);
  useEffect(() => {
    if (!current) return undefined;
    const timer = setTimeout(() => change(null), current.last + FORGET_MS - Date.now());
    return () => clearTimeout(timer);
  }, [current]);
  return current?.since ?? null;
}
