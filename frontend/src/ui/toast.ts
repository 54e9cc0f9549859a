/** Short notices that somebody did not ask for a dialog to read. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: "ok" | "bad";
  readonly undo?: (() => void) | undefined;
}

const SHOWN_MS = 8000;
let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function change(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

export function dismiss(id: number): void {
  change(toasts.filter((toast) => toast.id !== id));
}

export const clearToasts = (): void => change([]);

/** Say what was done, with Undo where it can be undone. */
export function toast(text: string, options: { tone?: Toast["tone"]; undo?: () => void } = {}): void {
  const id = nextId++;
  change([...toasts.slice(-2), { id, text, tone: options.tone ?? "ok", undo: options.undo }]);
  setTimeout(() => dismiss(id), SHOWN_MS);
}

export const toastStore = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  read: (): readonly Toast[] => toasts,
};
