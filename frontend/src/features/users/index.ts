import type { FeatureManifest } from "@/ui/feature";
import { usersMessages } from "./i18n";

const words = [usersMessages];

/** Accounts, for administrators; auditors look. */
export const users: FeatureManifest = {
  id: "users",
  pages: [
    { scope: "platform", path: "users", page: () => import("./pages/UsersPage"), words },
    { scope: "platform", path: "users/:username", page: () => import("./pages/UserPage"), words },
  ],
  places: [
    {
      scope: "platform", path: "users", label: { en: "Users", fr: "Utilisateurs" }, icon: "people", key: "u",
      section: { en: "Access and rules", fr: "Accès et règles" }, order: 110, audience: "auditor", onPhone: true,
    },
  ],
};
