import { Link } from "react-router";
import type { Workload } from "@/api";
import { useMe } from "@/api/session";
import { useWorkloads } from "@/api/workloads";
import { formatBinary } from "@/lib/formatBytes";
import { useT } from "@/lib/i18n";
import { formatCores, formatResources } from "@/lib/resources";
import { WorkloadName } from "@/parts/workload";
import { Person } from "@/ui/Avatar";
import { Card } from "@/ui/Card";
import { EmptyState } from "@/ui/EmptyState";
import { Figures } from "@/ui/Figures";
import { ChoiceFilter, ClearFilters, FilterBar, SearchFilter, useFilter } from "@/ui/FilterBar";
import { uiMessages } from "@/ui/i18n";
import { Loaded } from "@/ui/Loaded";
import { PageHeader } from "@/ui/PageHeader";
import { StatusBadge } from "@/ui/StatusBadge";
import { Table, type Column } from "@/ui/Table";
import { Time } from "@/ui/Time";
import { Acts } from "../components/Acts";
import { matching, sumOf } from "../filter";
import { liveMessages } from "../i18n";

const FILTERS = ["search", "kind", "status", "owner", "project"] as const;
const KINDS = ["notebook", "job"] as const;
const STATUSES = ["queued", "starting", "running", "stopping"] as const;
const MOST = 200;

function useColumns(reason: string | null): Column<Workload>[] {
  const t = useT(liveMessages);
  return [
    {
      key: "name", title: t("name"), cell: (workload) => (
        <WorkloadName workload={workload} />
      ),
    },
    { key: "status", title: t("status"), wide: true, cell: ({ status, stale_since: stale }) => <StatusBadge status={status} staleSince={stale} /> },
    { key: "owner", title: t("owner"), large: true, cell: ({ owner }) => <Person name={owner} /> },
    { key: "project", title: t("project"), large: true, cell: ({ project }) => <Link className="link" to={`/p/${project.slug}`}>{project.name}</Link> },
    { key: "resources", title: t("resources"), large: true, cell: ({ resources }) => <span className="muted">{formatResources(resources, t.language)}</span> },
    { key: "reason", title: t("reason"), large: true, wide: true, cell: ({ reason: why }) => <span className="muted">{why?.text}</span> },
    { key: "since", title: t("since"), align: "right", large: true, cell: ({ started, created }) => <span className="muted"><Time value={started ?? created} relative /></span> },
    { key: "acts", title: "", align: "right", width: 44, cell: (workload) => <Acts workload={workload} reason={reason} /> },
  ];
}

function Summary({ workloads }: { readonly workloads: readonly Workload[] }) {
  const t = useT(liveMessages);
  const sum = sumOf(workloads);
  const stale = sum.stale > 0 ? [{ label: t("sum.stale"), value: sum.stale, note: t("sum.staleNote") }] : [];
  return (
    <Figures label={t("sum")} figures={[
      { label: t("sum.running"), value: sum.running }, { label: t("sum.starting"), value: sum.starting }, { label: t("sum.queued"), value: sum.queued }, ...stale,
      { label: t("sum.cores"), value: formatCores(sum.cpu, t.language) }, { label: t("sum.memory"), value: formatBinary(sum.memory, t.language) },
    ]} />
  );
}

function Filters({ workloads }: { readonly workloads: readonly Workload[] }) {
  const t = useT(liveMessages);
  const ui = useT(uiMessages);
  const owners = [...new Set(workloads.map(({ owner }) => owner))].sort();
  const projects = [...new Map(workloads.map(({ project }) => [project.slug, project.name]))].sort((a, b) => a[1].localeCompare(b[1]));
  return (
    <FilterBar params={FILTERS}>
      <SearchFilter label={t("search")} />
      <ChoiceFilter label={t("anyKind")} param="kind" options={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))} />
      <ChoiceFilter label={t("anyStatus")} param="status" options={STATUSES.map((value) => ({ value, label: ui(`status.${value}`) }))} />
      <ChoiceFilter label={t("anyOwner")} param="owner" options={owners.map((value) => ({ value, label: value }))} />
      <ChoiceFilter label={t("anyProject")} param="project" options={projects.map(([value, label]) => ({ value, label }))} />
    </FilterBar>
  );
}

export default function LivePage() {
  const t = useT(liveMessages);
  const me = useMe();
  const reason = me.permissions.platform_admin ? null : t("readOnly");
  const query = useWorkloads({ live: true }, { limit: MOST });
  const [search] = useFilter("search");
  const [kind] = useFilter("kind");
  const [status] = useFilter("status");
  const [owner] = useFilter("owner");
  const [project] = useFilter("project");
  const columns = useColumns(reason);
  const all = query.data?.results ?? [];
  const found = matching(all, { search, kind, status, owner, project });
  return (
    <>
      <PageHeader title={t("title")} sub={reason} />
      <div className="stack">
        <Summary workloads={all} />
        <Card flush label={t("title")}>
          <Filters workloads={all} />
          <Loaded query={query} failed={t("failed")}>
            {({ results, next }) => {
              if (!results.length) return <EmptyState icon="dotRing" title={t("empty")}>{t("emptyText")}</EmptyState>;
              if (!found.length) return <EmptyState icon="search" title={t("none")} action={<ClearFilters params={FILTERS} />} />;
              return (
                <>
                  <Table label={t("title")} columns={columns} rows={found} rowKey={({ id }) => id} />
                  {next && <p className="faint small" style={{ padding: "8px 14px" }}>{t("more", { count: MOST })}</p>}
                </>
              );
            }}
          </Loaded>
        </Card>
      </div>
    </>
  );
}
