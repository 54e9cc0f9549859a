import { useMemo, useState } from "react";
import type { LimitLine, QuotaScope } from "@/api";
import { useSearchParams } from "react-router";
import { useMe } from "@/api/session";
import { useWorkloads } from "@/api/workloads";
import { toCsv } from "@/lib/csv";
import { useT } from "@/lib/i18n";
import { Button, ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { download } from "@/ui/download";
import { EmptyState } from "@/ui/EmptyState";
import { ClearFilters, FilterBar, SearchFilter, useFilter } from "@/ui/FilterBar";
import { Loaded } from "@/ui/Loaded";
import { PageHeader } from "@/ui/PageHeader";
import { QuotaLegend } from "@/ui/QuotaBar";
import { Segmented } from "@/ui/Segmented";
import { toast } from "@/ui/toast";
import { EffectLine } from "../components/EffectLine";
import { LimitConflict } from "../components/LimitConflict";
import { QuotaTable } from "../components/QuotaTable";
import styles from "../components/quotas.module.css";
import { Summary } from "../components/Summary";
import { useRowName } from "../components/useRowName";
import { limitText } from "../amounts";
import { quotasMessages } from "../i18n";
import { liveBy } from "../live";
import { useQuotas, type Scope } from "../queries";
import { useRowEdit, type RowEdit } from "../useRowEdit";

const SCOPES = ["project", "user", "platform"] as const satisfies readonly Scope[];
/** More rows than this wait for a press: the page stays quick. */
const AT_ONCE = 100;

/** Whose limits; a filter by name is of no use among the others. */
function useScope(): readonly [Scope, (scope: Scope) => void] {
  const [search, setSearch] = useSearchParams();
  const scope = SCOPES.find((known) => known === search.get("by")) ?? "project";
  return [scope, (next) => setSearch(next === "project" ? {} : { by: next })];
}

/** Resources in the portal's order, those of any row. */
const resourcesOf = (rows: readonly QuotaScope[]): string[] => [...new Set(rows.flatMap((row) => row.lines.map(({ resource }) => resource)))];

function useExport(rows: readonly QuotaScope[], scope: Scope) {
  const name = useRowName();
  return () => {
    const head = [scope, "resource", "limit", "inherits", "in_use", "reserved"];
    const cells = rows.flatMap((row) => row.lines.map((line: LimitLine) =>
      [name(row).name, line.resource, limitText(line.resource, line.limit), String(line.inherits), limitText(line.resource, line.in_use), limitText(line.resource, line.reserved)]));
    download(`quotas-${scope}.csv`, toCsv(head, cells));
  };
}

interface BodyProps { readonly rows: readonly QuotaScope[]; readonly found: readonly QuotaScope[]; readonly scope: Scope; readonly edit: RowEdit; readonly reason: string | null }

function Body({ rows, found, scope, edit, reason }: BodyProps) {
  const t = useT(quotasMessages);
  const [all, setAll] = useState(false);
  const { data } = useWorkloads({ live: true }, { limit: 200 });
  const live = useMemo(
    () => liveBy(data?.results ?? [], ({ project, owner }) => (scope === "user" ? owner : scope === "project" ? project.id : "")),
    [data, scope],
  );
  if (!found.length) return <EmptyState icon="search" title={t(rows.length ? "none" : "empty")} action={<ClearFilters params={["search"]} />} />;
  return (
    <>
      <QuotaTable scope={scope} rows={all ? found : found.slice(0, AT_ONCE)} resources={resourcesOf(rows)} live={live} edit={edit} reason={reason}
        defaults={rows.find((row) => row.defaults)?.lines ?? []} />
      {!all && found.length > AT_ONCE && <div className={styles.more}><Button small onClick={() => setAll(true)}>{t("more", { count: found.length })}</Button></div>}
      <EffectLine edit={edit} />
    </>
  );
}

export default function QuotasPage() {
  const t = useT(quotasMessages);
  const me = useMe();
  const [scope, setScope] = useScope();
  const [search] = useFilter("search");
  const query = useQuotas(scope);
  const name = useRowName();
  const edit = useRowEdit((row) => toast(t("saved", { name: name(row).name })));
  const reason = me.permissions.platform_admin ? null : t("readOnly");
  const live = useWorkloads({ live: true }, { limit: 200 });
  const wanted = search.trim().toLowerCase();
  const found = (query.data ?? []).filter((row) => !wanted || `${name(row).name}`.toLowerCase().includes(wanted));
  const save = useExport(found, scope);
  const choose = (next: Scope) => {
    edit.cancel();
    setScope(next);
  };
  return (
    <>
      <PageHeader title={t("title")} sub={reason} actions={
        <>
          <Button icon="download" onClick={save}>{t("export")}</Button>
          {me.permissions.create_project && <ButtonLink icon="plus" to="/projects/new">{t("newProject")}</ButtonLink>}
        </>
      } />
      <div className="stack">
        <Summary live={live.data?.results ?? []} />
        <Card flush label={t("title")}>
          <FilterBar params={["search"]} aside={<QuotaLegend />}>
            <Segmented label={t("by")} value={scope} onChange={choose} options={SCOPES.map((value) => ({ value, label: t(`by.${value}`) }))} />
            {scope !== "platform" && <SearchFilter label={t(`filter.${scope}`)} />}
          </FilterBar>
          <Loaded query={query} failed={t("failed")}>
            {(rows) => <Body key={scope} rows={rows} found={found} scope={scope} edit={edit} reason={reason} />}
          </Loaded>
        </Card>
      </div>
      {edit.conflict && <LimitConflict conflict={edit.conflict} edit={edit} />}
    </>
  );
}
