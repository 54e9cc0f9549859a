import { Link } from "react-router";
import type { Project } from "@/api";
import { useProjects } from "@/api/projects";
import { useMe } from "@/api/session";
import { useT } from "@/lib/i18n";
import { Tile } from "@/ui/Avatar";
import { ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { useCrumb } from "@/ui/crumbs";
import { EmptyState } from "@/ui/EmptyState";
import { ChoiceFilter, ClearFilters, FilterBar, SearchFilter, useFilter } from "@/ui/FilterBar";
import { Loaded } from "@/ui/Loaded";
import { PageHeader } from "@/ui/PageHeader";
import { Pager } from "@/ui/Pager";
import { Table, type Column } from "@/ui/Table";
import { Tag } from "@/ui/Tag";
import { Time } from "@/ui/Time";
import { projectsMessages } from "../i18n";

const FILTERS = ["search", "archived"] as const;
const address = (project: Project) => `/p/${project.slug}`;

function Name({ project }: { readonly project: Project }) {
  const t = useT(projectsMessages);
  return (
    <span className="row" style={{ padding: "7px 0" }}>
      <Tile name={project.name} quiet={project.role === null || project.archived_at !== null} />
      <span className="col">
        <span className="row g6"><Link to={address(project)} className="medium ellipsis">{project.name}</Link>{project.archived_at && !project.deleted_at && <Tag icon="box">{t("archived")}</Tag>}{project.deleted_at && <Tag tone="warn" icon="trash">{t("deleting")}</Tag>}</span>
        {project.description && <span className="faint small ellipsis" style={{ maxWidth: "min(420px, 44vw)" }}>{project.description}</span>}
      </span>
    </span>
  );
}

function useColumns(): Column<Project>[] {
  const t = useT(projectsMessages);
  return [
    { key: "name", title: t("list.name"), cell: (project) => <Name project={project} /> },
    { key: "role", title: t("list.role"), cell: ({ role }) => <span className={role ? undefined : "faint"}>{t(`role.${role ?? "none"}`)}</span> },
    { key: "leads", title: t("list.leads"), large: true, cell: ({ leads }) => <span className="muted">{leads.join(", ") || "–"}</span> },
    { key: "members", title: t("list.members"), large: true, align: "right", cell: ({ members_count: count }) => count },
    { key: "created", title: t("list.created"), large: true, align: "right", cell: ({ created }) => <span className="muted"><Time value={created} /></span> },
  ];
}

function Nothing({ filtered }: { readonly filtered: boolean }) {
  const t = useT(projectsMessages);
  if (filtered) return <EmptyState icon="search" title={t("list.noMatch")} action={<ClearFilters params={FILTERS} />} />;
  return (
    <EmptyState icon="folder" title={t("list.empty")} action={<ButtonLink to="/projects/new" kind="primary" icon="plus">{t("new")}</ButtonLink>}>
      {t("list.emptyText")}
    </EmptyState>
  );
}

export default function ProjectsPage() {
  const t = useT(projectsMessages);
  const me = useMe();
  const [search] = useFilter("search");
  const [archived] = useFilter("archived");
  const [cursor] = useFilter("cursor");
  const query = useProjects({ search, archived: archived || "false", cursor });
  const columns = useColumns();
  useCrumb(t("list.title"));
  return (
    <>
      <PageHeader title={t("list.title")}
        actions={me.permissions.create_project && <ButtonLink to="/projects/new" kind="primary" icon="plus">{t("new")}</ButtonLink>} />
      <Card flush label={t("list.title")}>
        <FilterBar params={FILTERS}>
          <SearchFilter label={t("list.search")} />
          <ChoiceFilter label={t("list.which")} param="archived" options={[{ value: "true", label: t("list.archived") }]} />
        </FilterBar>
        <Loaded query={query} failed={t("list.failed")}>
          {({ results, next, previous }) => (
            <>
              {results.length ? <Table label={t("list.label")} columns={columns} rows={results} rowKey={({ id }) => id} href={address} /> : <Nothing filtered={Boolean(search || archived)} />}
              <Pager next={next} previous={previous} />
            </>
          )}
        </Loaded>
      </Card>
    </>
  );
}
