import type { LogText } from "./text";

export const ROW = 19;
/** A longer line is cut: megabytes in one row would stop the browser. */
export const LONGEST = 4000;
const TAB = 8;

/** How many columns a text takes: tabs and wide letters count for more, so that nothing is cut. */
function columns(text: string): number {
  let count = Math.min(text.length, LONGEST) + (text.length > LONGEST ? 40 : 0);
   
  if (/^[\x20-\x7e]*$/.test(text)) return count;
  for (let index = 0; index < Math.min(text.length, LONGEST); index++) {
    const code = text.charCodeAt(index);
    if (code === 9) count += TAB - 1;
    else if (code >= 0x1100) count += 1;
  }
  return count;
}

/**
 * Where each line stands. Without wrapping every line is one row; with it a line takes as many rows
 * as its columns need, which a fixed-width letter lets us know without drawing it.
 */
export class Layout {
  #tops: number[] = [0];
  #dropped = 0;

  /** `width` in columns; null does not wrap. */
  constructor(readonly width: number | null) {}

  update(log: LogText): void {
    if (this.width === null) return;
    if (log.dropped !== this.#dropped) [this.#tops, this.#dropped] = [[0], log.dropped];
    const known = Math.min(this.#tops.length - 1, log.length);
    // The last line may have grown since.
    for (let index = Math.max(0, known - 1); index < log.length; index++) {
      const rows = Math.max(1, Math.ceil(columns(log.words(index)) / Math.max(1, this.width)));
      this.#tops[index + 1] = (this.#tops[index] ?? 0) + rows * ROW;
    }
  }

  top(index: number): number {
    return this.width === null ? index * ROW : (this.#tops[index] ?? 0);
  }

  height(log: LogText): number {
    return this.top(log.length);
  }

  /** The line at this height. */
  lineAt(y: number, log: LogText): number {
    if (this.width === null) return Math.max(0, Math.min(log.length - 1, Math.floor(y / ROW)));
    let [low, high] = [0, Math.max(0, log.length - 1)];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.top(middle) <= y) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
