import type { LogPart, Sentence } from "@/api";
import { LogText } from "./text";

export interface LogState {
  /** Counts what arrived: the text itself grows in place. */
  readonly version: number;
  readonly error: Error | null;
  readonly isEnd: boolean;
  /** Why the rest is not there. */
  readonly notice: Sentence | null;
  /** Whether the portal has answered at all. */
  readonly isRead: boolean;
}

const AGAIN_AFTER_ERROR_MS = 5000;

type Read = (offset: number) => Promise<LogPart>;

/** Reads a log from where it was, piece after piece, until its end; a lost answer is asked again. */
export class LogReader {
  readonly text = new LogText();
  #state: LogState = { version: 0, error: null, isEnd: false, notice: null, isRead: false };
  #offset = 0;
  #busy = false;
  #paceMs: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #read: Read;
  readonly #listeners = new Set<() => void>();

  constructor(read: Read) {
    this.#read = read;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): LogState => this.#state;

  /** Go on reading, so often while nothing new comes; null rests. */
  pace(ms: number | null): void {
    this.#paceMs = ms;
    clearTimeout(this.#timer);
    if (ms !== null) void this.#next();
  }

  readonly retry = (): void => this.pace(this.#paceMs);

  async #next(): Promise<void> {
    if (this.#busy || this.#state.isEnd) return;
    this.#busy = true;
    // Nobody looks at a hidden tab.
    const wait = document.hidden ? this.#paceMs : await this.#take();
    this.#busy = false;
    if (wait !== null && this.#paceMs !== null) this.#timer = setTimeout(() => void this.#next(), wait);
  }

  /** One piece; how long to wait before the next, or null at the end. */
  async #take(): Promise<number | null> {
    try {
      const part = await this.#read(this.#offset);
      this.#keep(part);
      if (part.is_end) return null;
      return part.next_offset > part.offset && part.text.length > 0 ? Math.min(this.#paceMs ?? 0, 300) : this.#paceMs;
    } catch (error) {
      this.#set({ error: error instanceof Error ? error : new Error(String(error)) });
      return AGAIN_AFTER_ERROR_MS;
    }
  }

  #keep(part: LogPart): void {
    this.#offset = part.next_offset;
    this.text.append(part.text);
    this.#set({ error: null, isEnd: part.is_end, notice: part.notice, isRead: true, version: this.#state.version + (part.text ? 1 : 0) });
  }

  #set(changes: Partial<LogState>): void {
    this.#state = { ...this.#state, ...changes };
    for (const listener of this.#listeners) listener();
  }
}
