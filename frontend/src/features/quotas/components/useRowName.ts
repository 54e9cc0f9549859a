import type { QuotaScope } from "@/api";
import { useT } from "@/lib/i18n";
import { quotasMessages } from "../i18n";

/** What a row is called: the platform's and the default rows have no name of their own. */
export function useRowName(): (row: QuotaScope) => { readonly name: string; readonly note: string } {
  const t = useT(quotasMessages);
  return (row) => {
    if (row.scope === "platform") return { name: t("wholePlatform"), note: "" };
    if (row.defaults) return { name: t(`defaults.${row.scope}`), note: t("defaults.note") };
    return { name: row.name || row.scope_id, note: "" };
  };
}
