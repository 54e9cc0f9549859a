import { use, useCallback, useMemo, useSyncExternalStore, type ReactNode } from "react";
import { format, formatRich, type Value } from "./format";
import { getLanguage, onLanguage, rememberLanguage } from "./language";
import type { Catalogue, Language, Localized, Params, Translation } from "./types";

type Load<C extends Catalogue> = Readonly<{
  en: () => Promise<{ readonly default: C }>;
  fr: () => Promise<{ readonly default: Translation<C> }>;
}>;

/** A promise that says synchronously when it is done: React's `use` then returns at once. */
type Tracked<T> = Promise<T> & { status?: "fulfilled"; value?: T };

const inUse = new Set<{ load: (language: Language) => Promise<unknown> }>();

/** The words of one feature, loaded a language at a time. */
export class Messages<C extends Catalogue> {
  readonly #load: Load<C>;
  readonly #loading = new Map<Language, Promise<Translation<C>>>();

  constructor(load: Load<C>) {
    this.#load = load;
  }

  load(language: Language): Promise<Translation<C>> {
    const known = this.#loading.get(language);
    if (known) return known;
    inUse.add(this);
    const loading: Tracked<Translation<C>> = this.#load[language]().then((module) => {
      const words = module.default as Translation<C>;
      Object.assign(loading, { status: "fulfilled", value: words });
      return words;
    });
    // A failed download may be tried again.
    loading.catch(() => this.#loading.delete(language));
    this.#loading.set(language, loading);
    return loading;
  }
}

export function defineMessages<const C extends Catalogue>(load: Load<C>): Messages<C> {
  return new Messages(load);
}

export interface Translate<C extends Catalogue> {
  <K extends keyof C & string>(key: K, ...params: Params<C[K], Value>): string;
  readonly rich: <K extends keyof C & string>(key: K, ...params: Params<C[K], ReactNode>) => ReactNode;
  readonly language: Language;
}

/** Change the language once the words on the page are there, so that nothing flickers. */
export async function setLanguage(language: Language): Promise<void> {
  if (language === getLanguage()) return;
  await Promise.all([...inUse].map((messages) => messages.load(language)));
  rememberLanguage(language);
}

export function useLanguage(): Language {
  return useSyncExternalStore(onLanguage, getLanguage);
}

/** Words in the reader's language: `t("stop.title", { name })`. Suspends while they load. */
export function useT<C extends Catalogue>(messages: Messages<C>): Translate<C> {
  const language = useLanguage();
  const words = use(messages.load(language));
  return useMemo(() => translator<C>(words, language), [words, language]);
}

export function translator<C extends Catalogue>(words: Translation<C>, language: Language): Translate<C> {
  const t = (key: keyof C & string, params: Record<string, Value> = {}) => format(words[key], params, language);
  const rich = (key: keyof C & string, params: Record<string, ReactNode> = {}) =>
    formatRich(words[key], params, language);
  return Object.assign(t, { rich, language }) as unknown as Translate<C>;
}

/** Choose from words that are written beside the code. */
export function useLocalized(): (words: Localized) => string {
  const language = useLanguage();
  return useCallback((words: Localized) => words[language], [language]);
}
