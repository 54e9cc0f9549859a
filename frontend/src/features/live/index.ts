import type { FeatureManifest } from "@/ui/feature";
import { liveMessages } from "./i18n";

/** All that is queued, starting or running on the platform, whose ever it is. */
export const live: FeatureManifest = {
  id: "live",
  pages: [{ scope: "platform", path: "live", page: () => import("./pages/LivePage"), words: [liveMessages] }],
  places: [
    { scope: "platform", path: "live", label: { en: "Live now", fr: "En cours" }, icon: "dotRing", order: 10, key: "l", audience: "auditor", onPhone: true },
  ],
};
