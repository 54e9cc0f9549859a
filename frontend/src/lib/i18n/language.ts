import { LANGUAGES, type Language } from "./types";

const KEY = "atelier.language";
const listeners = new Set<() => void>();

const isLanguage = (value: unknown): value is Language => LANGUAGES.includes(value as Language);

function stored(): Language | null {
  try {
    const value = localStorage.getItem(KEY);
    return isLanguage(value) ? value : null;
  } catch {
    return null; // Storage is blocked: follow the browser.
  }
}

function preferred(): Language {
  const wanted = navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage);
  return wanted ?? "en";
}

let current: Language = stored() ?? preferred();

export const getLanguage = (): Language => current;

export function rememberLanguage(language: Language): void {
  if (language === current) return;
  current = language;
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // Kept for this page only.
  }
  document.documentElement.lang = language;
  for (const listener of listeners) listener();
}

export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
