import type { FeatureManifest } from "@/ui/feature";
import { quotasMessages } from "./i18n";

/** Limits of projects, users and the platform. */
export const quotas: FeatureManifest = {
  id: "quotas",
  pages: [{ scope: "platform", path: "quotas", page: () => import("./pages/QuotasPage"), words: [quotasMessages] }],
  places: [
    { scope: "platform", path: "quotas", label: { en: "Quotas", fr: "Quotas" }, icon: "chart", order: 20, key: "q", audience: "auditor", onPhone: true },
  ],
};
