import { useMe } from "@/api/session";
import { useT } from "@/lib/i18n";
import { catalogMessages } from "../i18n";

/** Why the reader may only look at the catalog; null for administrators. */
export function useAdminReason(): string | null {
  const t = useT(catalogMessages);
  return useMe().permissions.platform_admin ? null : t("readOnly");
}
