import { LANGUAGES } from "@/lib/i18n";

const files = import.meta.glob<{ default: Record<string, unknown> }>("/src/**/i18n/*.ts", { eager: true });

const folders = [...new Set(Object.keys(files).map((path) => path.replace(/\/[^/]+$/, "")))];
const words = (folder: string, language: string) => files[`${folder}/${language}.ts`]?.default ?? {};

const placeholders = (message: unknown) => [...new Set(JSON.stringify(message).match(/\{\w+\}/g) ?? [])].sort();
const dictionaries = folders.filter((folder) => Object.keys(words(folder, "en")).length > 0);

test("there are dictionaries to compare", () => {
  expect(dictionaries.length).toBeGreaterThan(2);
});

describe.each(dictionaries)("%s", (folder) => {
  test("every language has the same keys", () => {
    const english = Object.keys(words(folder, "en")).sort();
    for (const language of LANGUAGES) expect(Object.keys(words(folder, language)).sort()).toEqual(english);
  });

  test("every language fills the same places", () => {
    const french = words(folder, "fr");
    for (const [key, message] of Object.entries(words(folder, "en"))) {
      expect(placeholders(french[key]).filter((name) => name !== "{count}"), key).toEqual(placeholders(message).filter((name) => name !== "{count}"));
    }
  });

  test("no sentence is empty", () => {
    for (const language of LANGUAGES) {
      for (const [key, message] of Object.entries(words(folder, language))) expect(JSON.stringify(message), key).not.toMatch(/^"\s*"$/);
    }
  });
});
