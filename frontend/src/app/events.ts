import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { setStream, type Stream } from "@/api/live";

/** Which cached lists each event makes old: the first word of their query keys. */
const AFFECTS: Readonly<Record<string, readonly string[]>> = {
  "workload.changed": ["workloads", "notebooks", "jobs"],
  "notebook.changed": ["notebooks", "workloads"],
  "quota.changed": ["quotas", "projects", "me"],
  "project.changed": ["projects", "session"],
  "membership.changed": ["session", "projects"],
  "session.revoked": ["session"],
};
const EVERYTHING = [...new Set(Object.values(AFFECTS).flat())];
/** Sent when the stream may have missed something. */
const RESYNC = "resync";
/** Several changes in a row cost one refetch. */
const GATHER_MS = 200;

type Sent = { readonly event: string } | { readonly state: Stream["state"] } | { readonly hello: true };

/** Refetch what changed, a little later and never in a hidden tab. */
class Refresher {
  readonly #queries: QueryClient;
  readonly #waiting = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(queries: QueryClient) {
    this.#queries = queries;
  }

  mark(keys: readonly string[]): void {
    for (const key of keys) this.#waiting.add(key);
    this.#timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  flush(): void {
    this.#timer = undefined;
    if (document.hidden) return;
    const keys = new Set(this.#waiting);
    this.#waiting.clear();
    if (keys.size) void this.#queries.invalidateQueries({ predicate: (query) => keys.has(String(query.queryKey[0])) });
  }
}

/** Hold the stream open until told to stop; tell `send` what arrives. */
function connect(url: string, send: (sent: Sent) => void): () => void {
  const source = new EventSource(url, { withCredentials: true });
  source.onopen = () => send({ state: "open" });
  source.onerror = () => {
    send({ state: "lost" });
    // The browser gives up after an answer that is no stream (a proxy's error page).
    if (source.readyState === EventSource.CLOSED) retry = setTimeout(() => { again = connect(url, send); }, 3000);
  };
  let retry: ReturnType<typeof setTimeout> | undefined;
  let again: (() => void) | undefined;
  for (const event of [...Object.keys(AFFECTS), RESYNC]) source.addEventListener(event, () => send({ event }));
  return () => {
    source.close();
    clearTimeout(retry);
    again?.();
  };
}

/**
 * One connection per browser: the tab that holds the lock listens and tells the others. When it
 * closes, the next one takes over.
 */
function listen(url: string, receive: (sent: Sent) => void): () => void {
  const channel = new BroadcastChannel("atelier.events");
  const leaving = new AbortController();
  let state: Stream["state"] = "connecting";
  let leader = false;
  let disconnect = () => {};
  const send = (sent: Sent) => {
    if (leaving.signal.aborted) return;
    if ("state" in sent) state = sent.state;
    channel.postMessage(sent);
    receive(sent);
  };
  channel.onmessage = ({ data }: MessageEvent<Sent>) => {
    if (!("hello" in data)) receive(data);
    else if (leader) channel.postMessage({ state } satisfies Sent);
  };
  channel.postMessage({ hello: true } satisfies Sent);
  const lead = () => {
    if (leaving.signal.aborted) return Promise.resolve();
    leader = true;
    disconnect = connect(url, send);
    return new Promise<void>((resolve) => leaving.signal.addEventListener("abort", () => resolve()));
  };
  if (navigator.locks) navigator.locks.request("atelier.events", { signal: leaving.signal }, lead).catch(() => undefined);
  else void lead();
  return () => {
    leaving.abort();
    disconnect();
    channel.close();
  };
}

/** Mounted once, by the shell. */
export function useServerEvents(eventsUrl: string): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (typeof EventSource === "undefined") return undefined;
    const refresher = new Refresher(queries);
    let before: Stream["state"] = "connecting";
    const stop = listen(`${eventsUrl}/api/v1/events`, (sent) => {
      if ("event" in sent) refresher.mark(sent.event === RESYNC ? EVERYTHING : (AFFECTS[sent.event] ?? []));
      if (!("state" in sent)) return;
      // Nothing is replayed: after a gap everything that may have changed is asked again.
      if (sent.state === "open" && before === "lost") refresher.mark(EVERYTHING);
      before = sent.state;
      setStream(sent.state);
    });
    const shown = () => refresher.flush();
    document.addEventListener("visibilitychange", shown);
    return () => {
      document.removeEventListener("visibilitychange", shown);
      stop();
    };
  }, [eventsUrl, queries]);
}
