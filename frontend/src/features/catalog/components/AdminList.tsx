import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Environment, Profile } from "@/api";
import { useT } from "@/lib/i18n";
import { ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { EmptyState } from "@/ui/EmptyState";
import { ClearFilters, FilterBar, SearchFilter, useFilter } from "@/ui/FilterBar";
import { Loaded } from "@/ui/Loaded";
import { PageHeader } from "@/ui/PageHeader";
import { Table, type Column } from "@/ui/Table";
import { catalogMessages } from "../i18n";
import { Fit, Offered } from "./Fit";
import { useAdminReason } from "./useAdminReason";

interface Props<E> {
  readonly family: "environments" | "profiles";
  readonly query: { data: E[] | undefined; error: Error | null; refetch: () => unknown };
  readonly detail: Column<E>;
}

/** The whole catalog of one kind, with what is switched off or cannot be served. */
export function AdminList<E extends Environment | Profile>({ family, query, detail }: Props<E>) {
  const t = useT(catalogMessages);
  const reason = useAdminReason();
  const [search] = useFilter("search");
  const create = reason === null && (
    <ButtonLink to={`/admin/${family}/new`} kind="primary" icon="plus">{t(family === "profiles" ? "new.profile" : "new.environment")}</ButtonLink>
  );
  const href = ({ id }: E) => `/admin/${family}/${id}`;
  const columns: Column<E>[] = [
    {
      key: "name", title: t("name"), wide: true, cell: (entry) => (
        <div className="col" style={{ padding: "7px 0" }}>
          <Link to={href(entry)} className="medium">{entry.name}</Link>
          <span className="faint small">{entry.slug}</span>
        </div>
      ),
    },
    detail,
    { key: "offered", title: t("offered"), large: true, cell: (entry) => <span className="muted"><Offered entry={entry} /></span> },
    { key: "fit", title: t("availability"), wide: true, cell: (entry) => <Fit entry={entry} /> },
  ];
  return (
    <>
      <PageHeader title={t(family)} sub={reason} actions={create} />
      <Card flush label={t(family)}>
        <FilterBar params={["search"]}><SearchFilter label={t("search.profiles")} /></FilterBar>
        <Loaded query={query} failed={t(`failed.${family}`)}>
          {(entries) => list({ entries, search, href, columns, empty: <Nothing family={family} none={entries.length > 0} create={create} />, label: t(family) })}
        </Loaded>
      </Card>
    </>
  );
}

interface ListProps<E> {
  readonly entries: readonly E[];
  readonly search: string;
  readonly href: (entry: E) => string;
  readonly columns: Column<E>[];
  readonly label: string;
  readonly empty: ReactNode;
}

function list<E extends Environment | Profile>({ entries, search, href, columns, label, empty }: ListProps<E>): ReactNode {
  const wanted = search.trim().toLowerCase();
  const found = entries.filter(({ name, slug }) => `${name} ${slug}`.toLowerCase().includes(wanted));
  return found.length ? <Table label={label} columns={columns} rows={found} rowKey={({ id }) => id} href={href} /> : empty;
}

function Nothing({ family, none, create }: { readonly family: "environments" | "profiles"; readonly none: boolean; readonly create: ReactNode }) {
  const t = useT(catalogMessages);
  if (none) return <EmptyState icon="search" title={t(`none.${family}`)} action={<ClearFilters params={["search"]} />} />;
  return <EmptyState icon="box" title={t(`empty.${family}`)} action={create}>{t("empty.adminText")}</EmptyState>;
}
