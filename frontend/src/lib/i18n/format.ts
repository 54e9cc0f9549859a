import type { ReactNode } from "react";
import { Fragment, createElement } from "react";
import type { Language, Message } from "./types";

const rules = new Map<Language, Intl.PluralRules>();

function pluralRules(language: Language): Intl.PluralRules {
  const known = rules.get(language) ?? new Intl.PluralRules(language);
  rules.set(language, known);
  return known;
}

export type Value = string | number;

function choose(message: Message, count: unknown, language: Language): string {
  if (typeof message === "string") return message;
  return pluralRules(language).select(Number(count)) === "one" ? message.one : message.other;
}

/** Put values into a sentence; numbers are written as the language writes them. */
export function format(message: Message, params: Readonly<Record<string, Value>>, language: Language): string {
  return choose(message, params.count, language).replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? value.toLocaleString(language) : value;
  });
}

/** The same with elements as values: a bold name, a link. */
export function formatRich(message: Message, params: Readonly<Record<string, ReactNode>>, language: Language): ReactNode {
  const parts = choose(message, params.count, language).split(/\{(\w+)\}/);
  return parts.map((part, index) => {
    const value = index % 2 ? params[part] : part;
    const shown = typeof value === "number" ? value.toLocaleString(language) : value;
    return createElement(Fragment, { key: index }, shown);
  });
}
