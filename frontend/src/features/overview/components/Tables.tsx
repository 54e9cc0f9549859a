import type { Workload } from "@/api";
import { formatDuration, formatElapsed } from "@/lib/formatDuration";
import { useT } from "@/lib/i18n";
import { formatResources } from "@/lib/resources";
import { WorkloadName } from "@/parts/workload";
import { Person } from "@/ui/Avatar";
import { StatusBadge } from "@/ui/StatusBadge";
import { Table, type Column } from "@/ui/Table";
import { Time, useNow } from "@/ui/Time";
import { overviewMessages } from "../i18n";

function Progress({ workload }: { readonly workload: Workload }) {
  const t = useT(overviewMessages);
  const now = useNow(5000);
  const { status, started, progress, reason } = workload;
  // On a cluster a start may be held up: what holds it says more than the step.
  if (reason && (status === "starting" || status === "queued")) return reason.text;
  if (status === "stopping") return t("progress.stopping");
  if (status === "running" && started) return t("progress.running", { duration: formatElapsed((now.getTime() - Date.parse(started)) / 1000, t.language) });
  if (status === "starting" && progress.length) return t("progress.step", { done: Math.min(progress.filter(({ state }) => state === "done").length + 1, progress.length), all: progress.length });
  return reason?.text ?? t("progress.waiting");
}

export function LiveTable({ rows }: { readonly rows: readonly Workload[] }) {
  const t = useT(overviewMessages);
  const columns: Column<Workload>[] = [
    { key: "name", title: t("column.name"), cell: (row) => <WorkloadName workload={row} /> },
    { key: "status", title: t("column.status"), cell: (row) => <StatusBadge status={row.status} staleSince={row.stale_since} /> },
    { key: "resources", title: t("column.resources"), large: true, cell: (row) => <span className="muted">{formatResources(row.resources, t.language)}</span> },
    { key: "owner", title: t("column.owner"), large: true, cell: (row) => <Person name={row.owner} /> },
    { key: "progress", title: t("column.progress"), wide: true, large: true, cell: (row) => <span className="muted"><Progress workload={row} /></span> },
  ];
  return <Table label={t("live.title")} columns={columns} rows={rows} rowKey={(row) => row.id} />;
}

function duration(row: Workload): number | null {
  return row.started && row.finished ? (Date.parse(row.finished) - Date.parse(row.started)) / 1000 : null;
}

export function FinishedTable({ rows }: { readonly rows: readonly Workload[] }) {
  const t = useT(overviewMessages);
  const columns: Column<Workload>[] = [
    { key: "name", title: t("column.name"), cell: (row) => <WorkloadName workload={row} /> },
    { key: "status", title: t("column.status"), cell: (row) => <StatusBadge status={row.status} /> },
    { key: "reason", title: t("column.reason"), large: true, wide: true, cell: (row) => <span className="muted">{row.reason?.text}</span> },
    { key: "duration", title: t("column.duration"), large: true, align: "right", cell: (row) => { const seconds = duration(row); return <span className="muted">{seconds === null ? "" : formatDuration(seconds, t.language)}</span>; } },
    { key: "when", title: t("column.when"), align: "right", cell: (row) => <span className="faint">{row.finished && <Time value={row.finished} />}</span> },
  ];
  return <Table label={t("finished.title")} headless columns={columns} rows={rows} rowKey={(row) => row.id} />;
}
