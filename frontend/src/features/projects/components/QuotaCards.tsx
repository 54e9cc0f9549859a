import type { Workload } from "@/api";
import { useProjectQuota } from "@/api/projects";
import { useWorkloads } from "@/api/workloads";
import { formatBinary } from "@/lib/formatBytes";
import { useT } from "@/lib/i18n";
import { formatCores } from "@/lib/resources";
import { Person } from "@/ui/Avatar";
import { Card } from "@/ui/Card";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded } from "@/ui/Loaded";
import { QuotaBar, QuotaLegend } from "@/ui/QuotaBar";
import { SkeletonLines } from "@/ui/Skeleton";
import { Table, type Column } from "@/ui/Table";
import { projectsMessages } from "../i18n";

export function QuotaCard({ project }: { readonly project: string }) {
  const t = useT(projectsMessages);
  const query = useProjectQuota(project);
  return (
    <Card title={t("quota.card")}>
      <Loaded query={query} failed={t("quota.failed")} skeleton={<SkeletonLines lines={6} />}>
        {(lines) => (
          <div className="stack">
            {lines.map((line) => <QuotaBar key={line.resource} line={{ ...line, used: line.in_use }} />)}
            <div className="col g6">
              <QuotaLegend />
              <p className="faint small">{t("quota.ask")}</p>
            </div>
          </div>
        )}
      </Loaded>
    </Card>
  );
}

export interface Share { readonly owner: string; readonly live: number; readonly cpu: number; readonly memory: number }

/** What each member holds now, the largest first. */
export function shares(workloads: readonly Workload[]): Share[] {
  const byOwner = new Map<string, Share>();
  for (const { owner, resources } of workloads) {
    const before = byOwner.get(owner) ?? { owner, live: 0, cpu: 0, memory: 0 };
    byOwner.set(owner, { owner, live: before.live + 1, cpu: before.cpu + resources.cpu_millicores, memory: before.memory + resources.memory_bytes });
  }
  return [...byOwner.values()].sort((a, b) => b.cpu - a.cpu || a.owner.localeCompare(b.owner));
}

export function UsersCard({ project }: { readonly project: string }) {
  const t = useT(projectsMessages);
  const query = useWorkloads({ project, live: true }, { limit: 200 });
  const columns: Column<Share>[] = [
    { key: "owner", title: t("users.who"), cell: ({ owner }) => <Person name={owner} /> },
    { key: "live", title: t("users.live"), align: "right", cell: ({ live }) => live },
    { key: "cpu", title: t("users.cores"), align: "right", cell: ({ cpu }) => formatCores(cpu, t.language) },
    { key: "memory", title: t("users.memory"), align: "right", cell: ({ memory }) => formatBinary(memory, t.language) },
  ];
  return (
    <Card flush title={t("users.card")}>
      <Loaded query={query} failed={t("users.failed")}>
        {({ results }) => (results.length
          ? <Table label={t("users.card")} columns={columns} rows={shares(results)} rowKey={({ owner }) => owner} />
          : <EmptyState title={t("users.empty")} />)}
      </Loaded>
    </Card>
  );
}
