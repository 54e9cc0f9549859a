import { Link } from "react-router";
import type { Workload } from "@/api";
import { useWorkloads } from "@/api/workloads";
import { useT } from "@/lib/i18n";
import { formatResources } from "@/lib/resources";
import { WorkloadName } from "@/parts/workload";
import { Card } from "@/ui/Card";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded } from "@/ui/Loaded";
import { StatusBadge } from "@/ui/StatusBadge";
import { Table, type Column } from "@/ui/Table";
import { usersMessages } from "../i18n";

export function WorkCard({ username }: { readonly username: string }) {
  const t = useT(usersMessages);
  const query = useWorkloads({ owner: username, live: true }, { limit: 100 });
  const columns: Column<Workload>[] = [
    { key: "name", title: t("name"), cell: (workload) => <WorkloadName workload={workload} /> },
    { key: "status", title: t("work.status"), cell: ({ status, stale_since: stale }) => <StatusBadge status={status} staleSince={stale} /> },
    { key: "resources", title: t("work.resources"), large: true, cell: ({ resources }) => <span className="muted">{formatResources(resources, t.language)}</span> },
    { key: "project", title: t("work.project"), cell: ({ project }) => <Link className="link" to={`/p/${project.slug}`}>{project.name}</Link> },
  ];
  return (
    <Card flush title={t("work")} note={query.data?.results.length || undefined}>
      <Loaded query={query} failed={t("work.failed")}>
        {({ results }) => (results.length ? <Table label={t("work")} columns={columns} rows={results} rowKey={({ id }) => id} /> : <EmptyState title={t("work.empty")} />)}
      </Loaded>
    </Card>
  );
}
