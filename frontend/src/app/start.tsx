import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { getLanguage } from "@/lib/i18n";
import { uiMessages } from "@/ui/i18n";
import { App } from "./App";
import { appMessages } from "./i18n";

/** The shell's words first, so that nothing is shown without them. */
export async function start(root: HTMLElement): Promise<void> {
  const language = getLanguage();
  document.documentElement.lang = language;
  await Promise.all([uiMessages.load(language), appMessages.load(language)]);
  createRoot(root).render(<StrictMode><App /></StrictMode>);
}
