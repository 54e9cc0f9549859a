// Terminal colours as words for a style sheet: nothing of a log ever becomes markup, and colours
// are those of the theme, so that they can be read on it.

export type Colour = "black" | "red" | "green" | "yellow" | "blue" | "magenta" | "cyan" | "white";
const COLOURS: readonly Colour[] = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
const RGB: readonly (readonly [number, number, number])[] = [
  [0, 0, 0], [205, 49, 49], [13, 188, 121], [200, 180, 16], [36, 114, 200], [188, 63, 188], [17, 168, 205], [229, 229, 229],
];

export interface Style {
  readonly fg?: Colour | undefined;
  readonly bg?: Colour | undefined;
  readonly bold?: boolean | undefined;
  readonly dim?: boolean | undefined;
  readonly italic?: boolean | undefined;
  readonly underline?: boolean | undefined;
  readonly inverse?: boolean | undefined;
}

export const PLAIN: Style = {};

export interface Span { readonly text: string; readonly style: Style }

const ESC = "\u001b";
// Colour sequences, other sequences (cursor, links, titles), and single control characters.
 
const SEQUENCE = /\u001b\[([0-9;:]*)m|\u001b\[[0-?]*[ -/]*[@-~]?|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]?|[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f]/g;

function nearest(red: number, green: number, blue: number): Colour {
  const distance = ([r, g, b]: readonly [number, number, number]) => (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
  const best = RGB.reduce((found, rgb, index) => (distance(rgb) < distance(RGB[found] ?? rgb) ? index : found), 0);
  return COLOURS[best] ?? "white";
}

/** One of the 256 of a terminal: 16 names, a cube of 216, 24 greys. */
function indexed(index: number): Colour | undefined {
  if (index < 16) return COLOURS[index % 8];
  if (index >= 232) return nearest(8 + (index - 232) * 10, 8 + (index - 232) * 10, 8 + (index - 232) * 10);
  const cube = index - 16;
  const level = (part: number) => (part ? 55 + part * 40 : 0);
  return nearest(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

const FLAGS: Readonly<Record<number, Style>> = {
  1: { bold: true }, 2: { dim: true }, 3: { italic: true }, 4: { underline: true }, 7: { inverse: true },
  22: { bold: undefined, dim: undefined }, 23: { italic: undefined }, 24: { underline: undefined }, 27: { inverse: undefined },
  39: { fg: undefined }, 49: { bg: undefined },
};

/** 38;5;n and 38;2;r;g;b: the colour, and how many numbers it took. */
function extended(codes: readonly number[], at: number): readonly [Colour | undefined, number] {
  if (codes[at] === 5) return [indexed(codes[at + 1] ?? 0), 2];
  if (codes[at] === 2) return [nearest(codes[at + 1] ?? 0, codes[at + 2] ?? 0, codes[at + 3] ?? 0), 4];
  return [undefined, 0];
}

function restyle(style: Style, sequence: string): Style {
  const codes = sequence.split(/[;:]/).map(Number);
  let next = style;
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    if (code === 0) next = PLAIN;
    else if (code === 38 || code === 48) {
      const [colour, taken] = extended(codes, at + 1);
      next = { ...next, [code === 38 ? "fg" : "bg"]: colour };
      at += taken;
    } else if (FLAGS[code]) next = { ...next, ...FLAGS[code] };
    else {
      const bright = code >= 90 ? code - 60 : code;
      if (bright >= 30 && bright <= 37) next = { ...next, fg: COLOURS[bright - 30] };
      if (bright >= 40 && bright <= 47) next = { ...next, bg: COLOURS[bright - 40] };
    }
  }
  return next;
}

 
const HAS_CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

/** A line cut where its look changes, and the look the next line begins with. */
export function parseAnsi(line: string, start: Style = PLAIN): { readonly spans: readonly Span[]; readonly end: Style } {
  if (!HAS_CONTROLS.test(line)) return { spans: line ? [{ text: line, style: start }] : [], end: start };
  const spans: Span[] = [];
  let style = start;
  let from = 0;
  for (const match of line.matchAll(SEQUENCE)) {
    if (match.index > from) spans.push({ text: line.slice(from, match.index), style });
    if (match[1] !== undefined) style = restyle(style, match[1]);
    from = match.index + match[0].length;
  }
  if (from < line.length) spans.push({ text: line.slice(from), style });
  return { spans, end: style };
}

/** The words alone. */
export const stripAnsi = (line: string): string => (HAS_CONTROLS.test(line) ? line.replace(SEQUENCE, "") : line);

/** Whether it may change how the lines after it look. */
export const hasAnsi = (line: string): boolean => line.includes(ESC);
