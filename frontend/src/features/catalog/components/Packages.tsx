import { useMemo } from "react";
import type { Environment } from "@/api";
import { useT } from "@/lib/i18n";
import { Card } from "@/ui/Card";
import { EmptyState } from "@/ui/EmptyState";
import { FilterBar, SearchFilter, useFilter } from "@/ui/FilterBar";
import { Table, type Column } from "@/ui/Table";
import { catalogMessages } from "../i18n";

type Package = Environment["packages"][number];

export function Packages({ packages }: { readonly packages: readonly Package[] }) {
  const t = useT(catalogMessages);
  const [query] = useFilter("package");
  const wanted = query.trim().toLowerCase();
  const found = useMemo(() => packages.filter(({ name }) => name.toLowerCase().includes(wanted)), [packages, wanted]);
  const columns: Column<Package>[] = [
    { key: "name", title: t("name"), cell: ({ name }) => <code>{name}</code> },
    { key: "version", title: t("packages.version"), align: "right", cell: ({ version }) => <code className="muted">{version}</code> },
  ];
  return (
    <Card flush title={t("packages")} note={packages.length}>
      {packages.length === 0 ? <EmptyState title={t("packages.unknown")} /> : (
        <>
          <FilterBar params={["package"]}><SearchFilter label={t("packages.filter")} param="package" /></FilterBar>
          {found.length
            ? <Table label={t("packages")} columns={columns} rows={found} rowKey={({ name }) => name} />
            : <EmptyState icon="search" title={t("packages.none", { query })} />}
        </>
      )}
    </Card>
  );
}
