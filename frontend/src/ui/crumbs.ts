import { useEffect, useSyncExternalStore } from "react";

/** What a page adds to the breadcrumbs after its place: the object's name, "New". */
let extra: readonly string[] = [];
const listeners = new Set<() => void>();

function set(next: readonly string[]): void {
  extra = next;
  for (const listener of listeners) listener();
}

export function useCrumb(...names: readonly (string | undefined)[]): void {
  const joined = names.filter(Boolean).join("\n");
  useEffect(() => {
    set(joined ? joined.split("\n") : []);
    return () => set([]);
  }, [joined]);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useExtraCrumbs = (): readonly string[] => useSyncExternalStore(subscribe, () => extra);
