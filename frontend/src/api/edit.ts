import { useState } from "react";
import type { Versioned } from "./client";
import { hasStatus, isApiError } from "./errors";

/** Somebody else's values and their version, from a refused edit (412). */
export function clashOf<T>(error: unknown): Versioned<T> | null {
  if (!hasStatus(error, 412) || !isApiError(error)) return null;
  const { current, etag } = error.params as { current?: T; etag?: string };
  return current === undefined ? null : { value: current, etag: etag ?? "" };
}

interface Options<T, D> {
  readonly start: Versioned<T>;
  readonly draftOf: (value: T) => D;
  readonly save: (draft: D, base: Versioned<T>) => Promise<Versioned<T>>;
  readonly onSaved?: (saved: Versioned<T>) => void;
}

interface State<T, D> {
  readonly base: Versioned<T>;
  /** The version last handed in from outside. */
  readonly seen: string;
  readonly draft: D;
  readonly clash: Versioned<T> | null;
  readonly error: Error | null;
  readonly busy: boolean;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What was changed stays; what was not takes the values somebody else saved meanwhile. */
export function merged<D extends object>(base: D, mine: D, theirs: D): D {
  const changed = (Object.keys(mine) as (keyof D)[]).filter((field) => !same(mine[field], base[field]));
  return { ...theirs, ...Object.fromEntries(changed.map((field) => [field, mine[field]])) };
}

/**
 * One object being edited from the version that was read. When somebody else saved meanwhile,
 * `clash` holds their values and nothing is saved until `keepMine` or `takeTheirs`.
 */
export function useEdit<T, D extends object>({ start, draftOf, save, onSaved }: Options<T, D>) {
  const fresh = (base: Versioned<T>): State<T, D> =>
    ({ base, seen: start.etag, draft: draftOf(base.value), clash: null, error: null, busy: false });
  const [state, setState] = useState(() => fresh(start));
  const patch = (changes: Partial<State<T, D>>) => setState((before) => ({ ...before, ...changes }));

  const dirty = !same(state.draft, draftOf(state.base.value));
  // What was read again while nothing is being edited is shown at once.
  if (start.etag !== state.seen && !dirty && !state.busy && !state.clash) setState(fresh(start));

  const send = async (base: Versioned<T>) => {
    patch({ busy: true, error: null, clash: null });
    try {
      const saved = await save(state.draft, base);
      setState(fresh(saved));
      onSaved?.(saved);
    } catch (error) {
      const clash = clashOf<T>(error);
      if (!clash) patch({ busy: false, error: error as Error });
      else patch({ busy: false, clash, draft: merged(draftOf(base.value), state.draft, draftOf(clash.value)) });
    }
  };

  return {
    draft: state.draft,
    base: state.base.value,
    dirty,
    busy: state.busy,
    error: state.error,
    clash: state.clash?.value ?? null,
    set: (changes: Partial<D>) => setState((before) => ({ ...before, draft: { ...before.draft, ...changes } })),
    submit: () => { if (!state.busy) void send(state.base); },
    reset: () => setState(fresh(state.base)),
    keepMine: () => { if (state.clash) void send(state.clash); },
    takeTheirs: () => { if (state.clash) setState(fresh(state.clash)); },
    putOff: () => patch({ clash: null }),
  };
}
