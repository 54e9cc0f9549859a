import type { QuotaScope } from "@/api";
import { useT } from "@/lib/i18n";
import { Dialog } from "@/ui/Dialog";
import { EmptyState } from "@/ui/EmptyState";
import { uiMessages } from "@/ui/i18n";
import { Loaded } from "@/ui/Loaded";
import { resourceName } from "@/ui/QuotaBar";
import { Table, type Column } from "@/ui/Table";
import { Time } from "@/ui/Time";
import { figure, type Limit } from "../amounts";
import { quotasMessages } from "../i18n";
import { useHistory } from "../queries";
import { useRowName } from "./useRowName";

type Change = NonNullable<ReturnType<typeof useHistory>["data"]>[number];

/** Every limit this row ever had, and who set it. */
export function HistoryDialog({ row, onClose }: { readonly row: QuotaScope; readonly onClose: () => void }) {
  const t = useT(quotasMessages);
  const ui = useT(uiMessages);
  const query = useHistory(row.lines);
  const name = useRowName()(row).name;
  const shown = (resource: string, limit: Limit) => (limit === null ? t("limit.none") : figure(resource, limit, t.language));
  const columns: Column<Change>[] = [
    { key: "at", title: t("history.at"), cell: ({ at }) => <span className="muted"><Time value={at} /></span> },
    { key: "by", title: t("history.by"), cell: ({ by }) => by || t("history.platform") },
    { key: "what", title: t("history.what"), cell: ({ resource }) => resourceName(resource, ui) },
    { key: "change", title: t("history.change"), align: "right", cell: ({ resource, before, after }) => `${shown(resource, before)} → ${shown(resource, after)}` },
  ];
  return (
    <Dialog wide title={t("history.title", { name })} onClose={onClose}>
      <Loaded query={query} failed={t("history.failed")}>
        {(changes) => (changes.length
          ? <Table label={t("history.title", { name })} columns={columns} rows={changes} rowKey={(change) => `${change.resource}${change.at}`} />
          : <EmptyState icon="clock" title={t("history.empty")} />)}
      </Loaded>
    </Dialog>
  );
}
