import type { LimitLine, QuotaScope } from "@/api";
import { useT } from "@/lib/i18n";
import { IconButton } from "@/ui/Button";
import { uiMessages } from "@/ui/i18n";
import { Menu, type MenuEntry } from "@/ui/Menu";
import { resourceName } from "@/ui/QuotaBar";
import { toast } from "@/ui/toast";
import { figure } from "../amounts";
import { quotasMessages } from "../i18n";
import { useInherit } from "../queries";
import { useRowName } from "./useRowName";

interface Props {
  readonly row: QuotaScope;
  readonly defaults: readonly LimitLine[];
  readonly reason: string | null;
  readonly onHistory: () => void;
}

function useInheritEntries({ row, defaults, reason }: Props): MenuEntry[] {
  const t = useT(quotasMessages);
  const ui = useT(uiMessages);
  const name = useRowName()(row).name;
  const { mutate: inherit } = useInherit();
  if (row.defaults || row.scope === "platform") return [];
  const own = row.lines.filter(({ inherits, id }) => id && !inherits);
  if (!own.length) return [{ key: "none", label: t("menu.inherit", { resource: "…" }), disabledReason: t("menu.nothing"), onSelect: () => undefined }];
  return own.map((line) => {
    const limit = defaults.find(({ resource }) => resource === line.resource)?.limit ?? null;
    return {
      key: line.resource, label: t("menu.inherit", { resource: resourceName(line.resource, ui) }), disabledReason: reason,
      hint: t("menu.inheritHint", { limit: limit === null ? t("limit.none") : figure(line.resource, limit, t.language) }),
      onSelect: () => inherit({ ...row, line }, {
        onSuccess: () => toast(t("inherited", { name })),
        onError: (error) => toast(error.message, { tone: "bad" }),
      }),
    };
  });
}

export function RowMenu(props: Props) {
  const t = useT(quotasMessages);
  const label = t("menu", { name: useRowName()(props.row).name });
  const entries: MenuEntry[] = [{ key: "history", icon: "clock", label: t("menu.history"), onSelect: props.onHistory }, ...useInheritEntries(props)];
  return <Menu label={label} align="right" entries={entries} trigger={<IconButton small icon="dots" label={label} />} />;
}
