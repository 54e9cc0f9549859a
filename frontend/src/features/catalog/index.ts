import type { FeatureManifest } from "@/ui/feature";
import { catalogMessages } from "./i18n";

const words = [catalogMessages];
const section = { en: "Project", fr: "Projet" };
const rules = { en: "Access and rules", fr: "Accès et règles" };

/** What can be started: environments (software) and profiles (hardware). */
export const catalog: FeatureManifest = {
  id: "catalog",
  pages: [
    { scope: "project", path: "environments", page: () => import("./pages/CatalogPage"), words },
    { scope: "project", path: "environments/:id", page: () => import("./pages/EnvironmentPage"), words },
    { scope: "platform", path: "environments", page: () => import("./pages/EnvironmentsAdminPage"), words },
    { scope: "platform", path: "environments/:id", page: () => import("./pages/EditEnvironmentPage"), words },
    { scope: "platform", path: "profiles", page: () => import("./pages/ProfilesAdminPage"), words },
    { scope: "platform", path: "profiles/:id", page: () => import("./pages/EditProfilePage"), words },
  ],
  places: [
    { scope: "project", path: "environments", label: { en: "Environments", fr: "Environnements" }, icon: "box", section, order: 220, key: "e" },
    { scope: "platform", path: "environments", label: { en: "Environments", fr: "Environnements" }, icon: "box", section: rules, order: 120, audience: "auditor" },
    { scope: "platform", path: "profiles", label: { en: "Profiles", fr: "Profils" }, icon: "cpu", section: rules, order: 130, audience: "auditor" },
  ],
};
