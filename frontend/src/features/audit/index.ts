import type { FeatureManifest } from "@/ui/feature";
import { auditMessages } from "./i18n";

/** Who changed what, when and from where. */
export const audit: FeatureManifest = {
  id: "audit",
  pages: [{ scope: "platform", path: "audit", page: () => import("./pages/AuditPage"), words: [auditMessages] }],
  places: [
    {
      scope: "platform", path: "audit", label: { en: "Audit log", fr: "Journal d’audit" }, icon: "file",
      section: { en: "Access and rules", fr: "Accès et règles" }, order: 140, audience: "auditor", onPhone: true,
    },
  ],
};
