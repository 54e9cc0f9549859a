import { useState } from "react";
import { Link } from "react-router";
import type { Notebook } from "@/api";
import { useT } from "@/lib/i18n";
import { formatResources } from "@/lib/resources";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { StatusBadge } from "@/ui/StatusBadge";
import { Table, type Column } from "@/ui/Table";
import { Time } from "@/ui/Time";
import { notebooksMessages } from "../i18n";
import { endedAt } from "./meaning";
import { NameEditor } from "./NameEditor";
import { NotebookMenu } from "./NotebookMenu";
import { useActions } from "./useActions";

function Actions({ notebook, onRename }: { readonly notebook: Notebook; readonly onRename: () => void }) {
  const t = useT(notebooksMessages);
  const { start } = useActions(notebook);
  return (
    <span className="row g4" style={{ justifyContent: "flex-end" }}>
      {notebook.status === "failed" && <span className="only-large"><Button small onClick={() => start({ rescue: true })}>{t("rescue")}</Button></span>}
      <Button small aria-label={`${t("start")} ${notebook.name}`} onClick={() => start()}>{t("start")}</Button>
      <NotebookMenu notebook={notebook} onRename={onRename} />
    </span>
  );
}

/** Mine that rest: one press starts one as it was. */
export function StoppedTable({ notebooks }: { readonly notebooks: readonly Notebook[] }) {
  const t = useT(notebooksMessages);
  const [editing, setEditing] = useState<string | null>(null);
  const columns: Column<Notebook>[] = [
    {
      key: "name", title: t("column.name"), cell: (row) => (editing === row.id
        ? <NameEditor notebook={row} onDone={() => setEditing(null)} />
        : <Link className="medium" to={row.id}>{row.name}</Link>),
    },
    { key: "status", title: t("column.status"), cell: (row) => <StatusBadge status={row.status} staleSince={row.workload?.stale_since} /> },
    { key: "resources", title: t("column.resources"), large: true, cell: (row) => <span className="muted">{formatResources(row.resources, t.language)}</span> },
    { key: "why", title: t("column.why"), large: true, wide: true, cell: (row) => <span className="muted">{row.reason?.text ?? ""}</span> },
    { key: "when", title: t("column.when"), large: true, align: "right", cell: (row) => { const at = endedAt(row); return at ? <span className="faint"><Time value={at} /></span> : null; } },
    { key: "actions", title: <span className="sr-only">{t("column.actions")}</span>, align: "right", cell: (row) => <Actions notebook={row} onRename={() => setEditing(row.id)} /> },
  ];
  return (
    <Card title={t("stopped.title")} note={t("stopped.note")} flush>
      <Table label={t("stopped.title")} headless columns={columns} rows={notebooks} rowKey={(row) => row.id} />
    </Card>
  );
}
