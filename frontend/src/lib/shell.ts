// A command as people type it, and the words it becomes. Quotes and backslashes work as in a
// shell; nothing else does, because no shell reads it: pipes, variables and patterns stay text.

/** A sign that only a shell would understand. */
export type ShellSign = "$" | "|" | "&" | ";" | "<" | ">" | "*" | "?" | "`" | "~" | "(" | ")";

export interface Parsed {
  readonly argv: readonly string[];
  /** What was left open at the end of the text. */
  readonly open: "'" | '"' | "\\" | null;
  /** Signs outside of single quotes that are passed on as they stand. */
  readonly signs: readonly ShellSign[];
}

const BARE_SIGNS = new Set("$|&;<>*?`()");
const QUOTED_SIGNS = new Set("$`");
const ESCAPED_IN_QUOTES = new Set('"\\$`');
const SPACE = /\s/;

class Reader {
  readonly argv: string[] = [];
  readonly signs = new Set<ShellSign>();
  open: Parsed["open"] = null;
  #word: string | null = null;
  #at = 0;

  constructor(readonly text: string) {}

  read(): Parsed {
    while (this.#at < this.text.length && !this.open) this.#step();
    this.#finish();
    return { argv: this.argv, open: this.open, signs: [...this.signs] };
  }

  #add(text: string): void {
    this.#word = (this.#word ?? "") + text;
  }

  #finish(): void {
    if (this.#word !== null) this.argv.push(this.#word);
    this.#word = null;
  }

  #step(): void {
    const sign = this.text[this.#at++] as string;
    if (SPACE.test(sign)) this.#finish();
    else if (sign === "'") this.#single();
    else if (sign === '"') this.#double();
    else if (sign === "\\") this.#escape();
    else {
      if (BARE_SIGNS.has(sign) || (sign === "~" && this.#word === null)) this.signs.add(sign as ShellSign);
      this.#add(sign);
    }
  }

  #escape(): void {
    const next = this.text[this.#at++];
    if (next === undefined) this.open = "\\";
    else if (next !== "\n") this.#add(next);
  }

  #single(): void {
    const end = this.text.indexOf("'", this.#at);
    if (end < 0) this.open = "'";
    this.#add(this.text.slice(this.#at, end < 0 ? undefined : end));
    this.#at = end < 0 ? this.text.length : end + 1;
  }

  #double(): void {
    this.#add("");
    for (; this.#at < this.text.length; this.#at++) {
      const sign = this.text[this.#at] as string;
      if (sign === '"') { this.#at++; return; }
      const next = this.text[this.#at + 1];
      if (sign === "\\" && next === "\n") this.#at++;
      else if (sign === "\\" && next !== undefined && ESCAPED_IN_QUOTES.has(next)) { this.#add(next); this.#at++; }
      else {
        if (QUOTED_SIGNS.has(sign)) this.signs.add(sign as ShellSign);
        this.#add(sign);
      }
    }
    this.open = '"';
  }
}

export const parseCommand = (text: string): Parsed => new Reader(text).read();

const SAFE_WORD = /^[\w@%+=:,./-]+$/;

/** One word as it has to be typed; what is harmless stays bare. */
export const quoteWord = (word: string): string => (SAFE_WORD.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

export const joinCommand = (argv: readonly string[]): string => argv.map(quoteWord).join(" ");
