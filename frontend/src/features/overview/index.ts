import type { FeatureManifest } from "@/ui/feature";
import { overviewMessages } from "./i18n";

const words = [overviewMessages];

/** A project at a glance, and the first steps of somebody without one. */
export const overview: FeatureManifest = {
  id: "overview",
  pages: [
    { scope: "project", path: "", page: () => import("./pages/OverviewPage"), words },
    { scope: "root", path: "welcome", page: () => import("./pages/WelcomePage"), words },
  ],
  places: [
    { scope: "project", path: "", label: { en: "Overview", fr: "Vue d’ensemble" }, icon: "home", order: 10, key: "o", onPhone: true },
  ],
};
