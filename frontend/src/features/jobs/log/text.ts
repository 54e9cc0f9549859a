import { PLAIN, hasAnsi, parseAnsi, stripAnsi, type Style } from "@/lib/ansi";

/** One line of a log: its text with the terminal's colours, and the look it begins with. */
export interface Line { readonly text: string; readonly start: Style }

/** More than this cannot be scrolled through in a browser; the download has everything. */
const MOST_LINES = 500_000;

/** What a terminal shows of a line that was written over: what came after the last return. */
function overwritten(line: string): string {
  if (!line.includes("\r")) return line;
  const whole = line.replace(/\r+$/, "");
  const open = whole.length < line.length ? "\r" : "";
  return whole.slice(whole.lastIndexOf("\r") + 1) + open;
}

/** A growing text as lines. The last one may still be written. */
export class LogText {
  #lines: Line[] = [];
  #open = false;
  #dropped = 0;
  #most: number;

  constructor(most = MOST_LINES) {
    this.#most = most;
  }

  /** Lines that are only in the download. */
  get dropped(): number { return this.#dropped; }
  get length(): number { return this.#lines.length; }
  get isEmpty(): boolean { return this.#lines.length === 0; }

  at(index: number): Line | undefined { return this.#lines[index]; }

  /** The words of a line, without colours. */
  words(index: number): string {
    return stripAnsi(this.#lines[index]?.text ?? "");
  }

  append(text: string): void {
    if (!text) return;
    const parts = text.split("\n");
    const begun = this.#open ? this.#lines.pop() : undefined;
    if (begun) parts[0] = begun.text + (parts[0] ?? "");
    let start = begun?.start ?? this.#endOfLast();
    const last = parts.length - 1;
    parts.forEach((part, index) => {
      const isOpen = index === last;
      if (isOpen && part === "") return;
      const shown = overwritten(part);
      this.#lines.push({ text: isOpen ? shown : shown.replace(/\r$/, ""), start });
      if (!isOpen && hasAnsi(shown)) start = parseAnsi(shown, start).end;
    });
    this.#open = parts[last] !== "";
    this.#forget();
  }

  #endOfLast(): Style {
    const last = this.#lines.at(-1);
    return last ? parseAnsi(last.text, last.start).end : PLAIN;
  }

  #forget(): void {
    // A tenth more than allowed before the head is cut off, so that it is not cut at every line.
    const excess = this.#lines.length - this.#most;
    if (excess < this.#most / 10) return;
    this.#lines = this.#lines.slice(excess);
    this.#dropped += excess;
  }
}

/** Indexes of the lines that contain the words, looked for in what is new only. */
export class Search {
  readonly #needle: string;
  #hits: number[] = [];
  #seen = 0;
  #dropped = 0;

  constructor(needle: string) {
    this.#needle = needle.toLowerCase();
  }

  in(log: LogText): readonly number[] {
    if (!this.#needle) return [];
    if (log.dropped !== this.#dropped) [this.#hits, this.#seen, this.#dropped] = [[], 0, log.dropped];
    // The last line seen may have grown since.
    const from = Math.max(0, this.#seen - 1);
    const hits = this.#hits.filter((index) => index < from);
    for (let index = from; index < log.length; index++) {
      if (log.words(index).toLowerCase().includes(this.#needle)) hits.push(index);
    }
    this.#hits = hits;
    this.#seen = log.length;
    return hits;
  }
}
