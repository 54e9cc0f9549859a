import type { FeatureManifest } from "@/ui/feature";
import { meMessages } from "./i18n";

const words = [meMessages];

/** One's own account: profile, password, browsers, tokens, usage. */
export const me: FeatureManifest = {
  id: "me",
  pages: [
    { scope: "root", path: "me", page: () => import("./pages/ProfilePage"), words },
    { scope: "root", path: "me/security", page: () => import("./pages/SecurityPage"), words },
    { scope: "root", path: "me/tokens", page: () => import("./pages/TokensPage"), words },
    { scope: "root", path: "me/usage", page: () => import("./pages/UsagePage"), words },
  ],
};
