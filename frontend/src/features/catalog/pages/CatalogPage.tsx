import { Link, useParams } from "react-router";
import { useT } from "@/lib/i18n";
import { Card } from "@/ui/Card";
import { EmptyState } from "@/ui/EmptyState";
import { ClearFilters, FilterBar, SearchFilter, useFilter } from "@/ui/FilterBar";
import { Loaded } from "@/ui/Loaded";
import { PageHeader } from "@/ui/PageHeader";
import { SkeletonLines } from "@/ui/Skeleton";
import { Table, type Column } from "@/ui/Table";
import { Tabs, useTab } from "@/ui/Tabs";
import { Fit } from "../components/Fit";
import { ProfileCard } from "../components/ProfileCard";
import styles from "../components/catalog.module.css";
import { catalogMessages } from "../i18n";
import { useEnvironments, useProfiles } from "../queries";
import { findEnvironments } from "../search";

type Found = ReturnType<typeof findEnvironments>[number];

function EnvironmentList({ project }: { readonly project: string }) {
  const t = useT(catalogMessages);
  const query = useEnvironments(project);
  const [search] = useFilter("search");
  const href = ({ environment }: Found) => `/p/${project}/environments/${environment.id}`;
  const columns: Column<Found>[] = [
    {
      key: "name", title: t("name"), wide: true, cell: (found) => (
        <div className="col" style={{ padding: "7px 0" }}>
          <Link to={href(found)} className="medium">{found.environment.name}</Link>
          <span className="faint small">{found.match ? t("packages.match", found.match) : found.environment.description}</span>
        </div>
      ),
    },
    { key: "packages", title: t("packages"), large: true, cell: ({ environment }) => <span className="muted">{t("packages.count", { count: environment.packages.length })}</span> },
    { key: "fit", title: t("availability"), wide: true, cell: ({ environment }) => <Fit entry={environment} /> },
  ];
  return (
    <Card flush label={t("environments")}>
      <FilterBar params={["search"]}><SearchFilter label={t("search.environments")} /></FilterBar>
      <Loaded query={query} failed={t("failed.environments")}>
        {(environments) => {
          const found = findEnvironments(environments, search);
          if (!environments.length) return <EmptyState icon="box" title={t("empty.environments")}>{t("empty.text")}</EmptyState>;
          if (!found.length) return <EmptyState icon="search" title={t("none.environments")} action={<ClearFilters params={["search"]} />} />;
          return <Table label={t("environments")} columns={columns} rows={found} rowKey={({ environment }) => environment.id} href={href} />;
        }}
      </Loaded>
    </Card>
  );
}

function ProfileList({ project }: { readonly project: string }) {
  const t = useT(catalogMessages);
  const query = useProfiles(project);
  return (
    <Loaded query={query} failed={t("failed.profiles")} skeleton={<SkeletonLines lines={4} />}>
      {(profiles) => (profiles.length
        ? <div className={styles.grid}>{profiles.map((profile) => <ProfileCard key={profile.id} profile={profile} />)}</div>
        : <Card label={t("profiles")}><EmptyState icon="cpu" title={t("empty.profiles")}>{t("empty.text")}</EmptyState></Card>)}
    </Loaded>
  );
}

const PARTS = ["environments", "profiles"] as const;

export default function CatalogPage() {
  const t = useT(catalogMessages);
  const { project = "" } = useParams();
  const part = useTab(PARTS);
  return (
    <>
      <PageHeader title={t("title")} sub={t("lead")} />
      <Tabs label={t("parts")} tabs={PARTS.map((value) => ({ value, label: t(value) }))} />
      {part === "profiles" ? <ProfileList project={project} /> : <EnvironmentList project={project} />}
    </>
  );
}
