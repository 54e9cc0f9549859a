import { lazy, type ComponentType } from "react";
import { getLanguage } from "@/lib/i18n";
import type { FeaturePage, Scope } from "@/ui/feature";
import { FEATURES } from "./features";

export const PAGES: readonly FeaturePage[] = FEATURES.flatMap((feature) => feature.pages);

/** A page and its words arrive together; neither waits for the other. */
async function loadPage(entry: FeaturePage): Promise<{ readonly default: ComponentType }> {
  const words = (entry.words ?? []).map((messages) => messages.load(getLanguage()));
  const [module] = await Promise.all([entry.page(), ...words]);
  return module;
}

export const lazyPage = (entry: FeaturePage): ComponentType => lazy(() => loadPage(entry));

/** Fetch a page's code before it is asked for: when a link to it is hovered or focused. */
export function prefetch(scope: Scope, path: string): void {
  const entry = PAGES.find((candidate) => candidate.scope === scope && candidate.path === path);
  if (entry) void loadPage(entry).catch(() => undefined);
}

export const hasPage = (scope: Scope, path: string): boolean =>
  PAGES.some((entry) => entry.scope === scope && entry.path === path);
