import { Link } from "react-router";
import type { Notebook } from "@/api";
import { formatElapsed } from "@/lib/formatDuration";
import { formatClock } from "@/lib/formatTime";
import { useT } from "@/lib/i18n";
import { formatResources } from "@/lib/resources";
import { isLive } from "@/lib/status";
import { Person } from "@/ui/Avatar";
import { Card } from "@/ui/Card";
import { EmptyState } from "@/ui/EmptyState";
import { ChoiceFilter, ClearFilters, useFilter } from "@/ui/FilterBar";
import { StatusBadge } from "@/ui/StatusBadge";
import { Table, type Column } from "@/ui/Table";
import { Time, useNow } from "@/ui/Time";
import { uiMessages } from "@/ui/i18n";
import { notebooksMessages } from "../i18n";
import { elapsed } from "./meaning";

const PARAMS = ["status", "owner"] as const;

function Activity({ notebook }: { readonly notebook: Notebook }) {
  const t = useT(notebooksMessages);
  if (!isLive(notebook.status)) return notebook.reason?.text ?? "";
  if (notebook.idle_stop_at) return t("activity.stopsAt", { time: formatClock(notebook.idle_stop_at, t.language) });
  if (!notebook.last_activity) return t("activity.none");
  return t.rich("activity.last", { time: <Time value={notebook.last_activity} relative /> });
}

function RunningFor({ notebook }: { readonly notebook: Notebook }) {
  const t = useT(notebooksMessages);
  const seconds = elapsed(notebook, useNow(30_000));
  return seconds !== null && notebook.status === "running" ? formatElapsed(seconds, t.language) : "";
}

function useColumns(): Column<Notebook>[] {
  const t = useT(notebooksMessages);
  return [
    { key: "name", title: t("column.name"), cell: (row) => <Link className="medium" to={row.id}>{row.name}</Link> },
    { key: "status", title: t("column.status"), cell: (row) => <StatusBadge status={row.status} staleSince={row.workload?.stale_since} /> },
    { key: "owner", title: t("column.owner"), large: true, cell: (row) => <Person name={row.owner} /> },
    { key: "resources", title: t("column.resources"), large: true, cell: (row) => <span className="muted">{formatResources(row.resources, t.language)}</span> },
    { key: "activity", title: t("column.activity"), large: true, wide: true, cell: (row) => <span className="muted"><Activity notebook={row} /></span> },
    { key: "running", title: t("column.running"), align: "right", cell: (row) => <span className="muted"><RunningFor notebook={row} /></span> },
  ];
}

/** The servers of the other members. */
export function ProjectTable({ notebooks }: { readonly notebooks: readonly Notebook[] }) {
  const t = useT(notebooksMessages);
  const ui = useT(uiMessages);
  const columns = useColumns();
  const [status] = useFilter("status");
  const [owner] = useFilter("owner");
  const shown = notebooks.filter((row) => (!status || row.status === status) && (!owner || row.owner === owner));
  const options = (values: readonly string[]) => [...new Set(values)].sort();
  const filters = (
    <>
      <ClearFilters params={PARAMS} />
      <ChoiceFilter quiet label={t("filter.status")} param="status"
        options={options(notebooks.map((row) => row.status)).map((value) => ({ value, label: ui(`status.${value as Notebook["status"]}`) }))} />
      <ChoiceFilter quiet label={t("filter.owner")} param="owner" options={options(notebooks.map((row) => row.owner)).map((value) => ({ value, label: value }))} />
    </>
  );
  return (
    <Card title={t("project.title")} note={t("project.note", { count: notebooks.length })} aside={<span className="only-large"><span className="row">{filters}</span></span>} flush>
      {shown.length
        ? <Table label={t("project.title")} columns={columns} rows={shown} rowKey={(row) => row.id} href={(row) => row.id} />
        : <EmptyState title={t("project.none")} action={<ClearFilters params={PARAMS} />} />}
    </Card>
  );
}
