import { Link } from "react-router";
import type { Workload } from "@/api";
import { useMe } from "@/api/session";
import { useWorkloads } from "@/api/workloads";
import { useT } from "@/lib/i18n";
import { formatResources } from "@/lib/resources";
import { WorkloadName } from "@/parts/workload";
import { Card } from "@/ui/Card";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded } from "@/ui/Loaded";
import { QuotaBar, QuotaLegend } from "@/ui/QuotaBar";
import { SkeletonLines } from "@/ui/Skeleton";
import { StatusBadge } from "@/ui/StatusBadge";
import { Table, type Column } from "@/ui/Table";
import { Time } from "@/ui/Time";
import { Account } from "../components/Account";
import { meMessages } from "../i18n";
import { useMyQuota } from "../queries";

function QuotaCard() {
  const t = useT(meMessages);
  const query = useMyQuota();
  return (
    <Card title={t("usage.quota")} note={t("usage.quotaNote")}>
      <Loaded query={query} failed={t("usage.failed")} skeleton={<SkeletonLines lines={6} />}>
        {(lines) => (
          <div className="stack">
            {lines.map((line) => <QuotaBar key={line.resource} line={{ ...line, used: line.in_use }} />)}
            <QuotaLegend />
          </div>
        )}
      </Loaded>
    </Card>
  );
}

function LiveCard() {
  const t = useT(meMessages);
  const me = useMe();
  const query = useWorkloads({ owner: me.username, live: true }, { limit: 100 });
  const columns: Column<Workload>[] = [
    { key: "name", title: t("usage.name"), cell: (workload) => <WorkloadName workload={workload} /> },
    { key: "status", title: t("usage.status"), cell: ({ status, stale_since: stale }) => <StatusBadge status={status} staleSince={stale} /> },
    { key: "resources", title: t("usage.resources"), large: true, cell: ({ resources }) => <span className="muted">{formatResources(resources, t.language)}</span> },
    { key: "project", title: t("usage.project"), cell: ({ project }) => <Link className="link" to={`/p/${project.slug}`}>{project.name}</Link> },
    { key: "since", title: t("usage.since"), large: true, align: "right", cell: ({ started, created }) => <span className="muted"><Time value={started ?? created} /></span> },
  ];
  return (
    <Card flush title={t("usage.live")}>
      <Loaded query={query} failed={t("usage.liveFailed")}>
        {({ results }) => (results.length
          ? <Table label={t("usage.live")} columns={columns} rows={results} rowKey={({ id }) => id} />
          : <EmptyState title={t("usage.empty")}>{t("usage.emptyText")}</EmptyState>)}
      </Loaded>
    </Card>
  );
}

export default function UsagePage() {
  return (
    <Account part="usage">
      <div className="columns">
        <LiveCard />
        <QuotaCard />
      </div>
    </Account>
  );
}
