import type { FeatureManifest } from "@/ui/feature";
import { healthMessages } from "./i18n";

/** Whether the parts of the platform work. */
export const health: FeatureManifest = {
  id: "health",
  pages: [{ scope: "platform", path: "health", page: () => import("./pages/HealthPage"), words: [healthMessages] }],
  places: [
    { scope: "platform", path: "health", label: { en: "Health", fr: "Santé" }, icon: "tickRing", order: 30, key: "h", audience: "auditor" },
  ],
};
