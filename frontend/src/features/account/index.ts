import type { FeatureManifest } from "@/ui/feature";
import { accountMessages } from "./i18n";

const words = [accountMessages];

/** Getting in: signing in, a forgotten password, an invitation. */
export const account: FeatureManifest = {
  id: "account",
  pages: [
    { scope: "public", path: "login", page: () => import("./pages/LoginPage"), words },
    { scope: "public", path: "password-resets/:token", page: () => import("./pages/PasswordResetPage"), words },
    { scope: "public", path: "reset/:token", page: () => import("./pages/PasswordResetPage"), words },
    { scope: "root", path: "invitations/:token", page: () => import("./pages/InvitationPage"), words },
  ],
};
