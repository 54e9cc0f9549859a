import { useSyncExternalStore } from "react";

/** Whether the portal's event stream is up; the shell's connection keeps it. */
export type Stream = Readonly<{ state: "connecting" | "open" | "lost"; since: number }>;

const POLL_MS = 5000;
let stream: Stream = { state: "connecting", since: 0 };
const listeners = new Set<() => void>();

export function setStream(state: Stream["state"]): void {
  if (state === stream.state) return;
  stream = { state, since: Date.now() };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useStream = (): Stream => useSyncExternalStore(subscribe, () => stream);

interface Rows { readonly results?: readonly { readonly status?: string }[]; readonly status?: string }

const LIVE = new Set(["queued", "starting", "running", "stopping"]);
const anyLive = (data: unknown): boolean => {
  const rows = data as Rows | undefined;
  return (rows?.results ?? (rows ? [rows] : [])).some((row) => LIVE.has(row.status ?? ""));
};

/** Poll every five seconds only while the stream is lost and something shown is live. */
export function useLiveInterval() {
  const { state } = useStream();
  return (query: { state: { data?: unknown } }): number | false =>
    state === "lost" && anyLive(query.state.data) ? POLL_MS : false;
}
