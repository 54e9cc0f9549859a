import { Link, useParams, useSearchParams } from "react-router";
import type { Job, Workload } from "@/api";
import { useJobs, type JobFilters } from "@/api/jobs";
import { useMemberNames } from "@/api/projects";
import { useWorkloads } from "@/api/workloads";
import { formatDuration, formatElapsed } from "@/lib/formatDuration";
import { useT } from "@/lib/i18n";
import { formatResources } from "@/lib/resources";
import { STATUSES } from "@/lib/status";
import { Person } from "@/ui/Avatar";
import { ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { EmptyState } from "@/ui/EmptyState";
import { ChoiceFilter, ClearFilters, FilterBar, SearchFilter, useFilter } from "@/ui/FilterBar";
import { uiMessages } from "@/ui/i18n";
import { Loaded } from "@/ui/Loaded";
import { PageHeader } from "@/ui/PageHeader";
import { Pager } from "@/ui/Pager";
import { StatusBadge } from "@/ui/StatusBadge";
import { Table, type Column } from "@/ui/Table";
import { Time, useNow } from "@/ui/Time";
import { useMaySubmit } from "../components/actions";
import styles from "../components/jobs.module.css";
import { jobsMessages } from "../i18n";
import { elapsed, jobOf } from "../meaning";

const FILTERS = ["search", "status", "owner"] as const;
const SHOWN = STATUSES.filter((status) => status !== "asleep");
const COUNTED = ["running", "starting", "queued"] as const;

function Note({ job }: { readonly job: Job }) {
  const t = useT(jobsMessages);
  const { status, reason, exit_code: code } = job;
  if (reason) return reason.text;
  if (status === "stopping") return t("note.stopping");
  if (status === "queued") return t("note.waiting");
  const steps = job.workload.progress;
  if (status === "starting" && steps.length) {
    return t("note.step", { done: Math.min(steps.filter(({ state }) => state === "done").length + 1, steps.length), all: steps.length });
  }
  return code === null ? "" : t("note.exit", { code });
}

function Duration({ job }: { readonly job: Job }) {
  const { language } = useT(jobsMessages);
  const seconds = elapsed(job, useNow(5000));
  if (seconds === null || !job.started) return "";
  return jobOf(job).isOver ? formatDuration(seconds, language) : formatElapsed(seconds, language);
}

function useColumns(): Column<Job>[] {
  const t = useT(jobsMessages);
  return [
    { key: "name", title: t("column.name"), cell: (job) => <Link className="medium" to={job.id} title={job.id}>{job.name}</Link> },
    { key: "status", title: t("column.status"), cell: (job) => <StatusBadge status={job.status} staleSince={job.workload.stale_since} /> },
    { key: "note", title: t("column.note"), large: true, wide: true, cell: (job) => <span className="muted"><Note job={job} /></span> },
    { key: "resources", title: t("column.resources"), large: true, cell: (job) => <span className="muted">{formatResources(job.resources, t.language)}</span> },
    { key: "owner", title: t("column.owner"), large: true, cell: (job) => <Person name={job.owner} /> },
    { key: "started", title: t("column.started"), large: true, align: "right", cell: (job) => <span className="faint">{job.started && <Time value={job.started} />}</span> },
    { key: "duration", title: t("column.duration"), align: "right", cell: (job) => <span className="muted nowrap"><Duration job={job} /></span> },
  ];
}

const countOf = (live: readonly Workload[], status: string) => live.filter((row) => row.status === status).length;

/** What lives now, by status; each is a way to see only those. */
function Counts({ project }: { readonly project: string }) {
  const t = useT(jobsMessages);
  const ui = useT(uiMessages);
  const [search] = useSearchParams();
  const { data } = useWorkloads({ project, kind: "job", live: true }, { limit: 200 });
  const counts = COUNTED.map((status) => ({ status, count: countOf(data?.results ?? [], status) })).filter(({ count }) => count > 0);
  if (!counts.length) return null;
  return (
    <ul className={styles.summary} aria-label={t("live.label")}>
      {counts.map(({ status, count }) => (
        <li key={status}>
          <Link className={styles.count} to={{ search: `?status=${status}` }} aria-current={search.get("status") === status}
            title={t("live.show", { status: ui(`status.${status}`) })}>
            <StatusBadge status={status} /> <b>{count.toLocaleString(t.language)}</b>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Filters({ project }: { readonly project: string }) {
  const t = useT(jobsMessages);
  const ui = useT(uiMessages);
  const names = useMemberNames(project);
  return (
    <FilterBar params={FILTERS} aside={<Counts project={project} />}>
      <SearchFilter label={t("filter.search")} />
      <ChoiceFilter label={t("filter.status")} param="status" options={SHOWN.map((value) => ({ value, label: ui(`status.${value}`) }))} />
      <ChoiceFilter label={t("filter.owner")} param="owner" options={names.map((value) => ({ value, label: value }))} />
    </FilterBar>
  );
}

function Nothing({ filtered, action }: { readonly filtered: boolean; readonly action: React.ReactNode }) {
  const t = useT(jobsMessages);
  if (filtered) return <EmptyState icon="search" title={t("none")} action={<ClearFilters params={FILTERS} />} />;
  return <EmptyState icon="play" title={t("empty.title")} action={action}>{t.rich("empty.text", { command: <code key="run">atelier run</code> })}</EmptyState>;
}

export default function JobsPage() {
  const t = useT(jobsMessages);
  const { project = "" } = useParams();
  const [search] = useFilter("search");
  const [status] = useFilter("status");
  const [owner] = useFilter("owner");
  const [cursor] = useFilter("cursor");
  const filters: JobFilters = { project, search, status, owner, cursor };
  const query = useJobs(filters);
  const columns = useColumns();
  const filtered = Boolean(search || status || owner);
  const button = useMaySubmit(project) && <ButtonLink kind="primary" icon="plus" to="new">{t("new")}</ButtonLink>;
  const isEmpty = !filtered && query.data?.results.length === 0;
  return (
    <>
      <PageHeader title={t("title")} actions={!isEmpty && button} />
      <Card flush label={t("title")}>
        {!isEmpty && <Filters project={project} />}
        <Loaded query={query} failed={t("failedToLoad")}>
          {({ results, next, previous }) => (
            <>
              {results.length
                ? <Table label={t("title")} columns={columns} rows={results} rowKey={({ id }) => id} href={({ id }) => id} />
                : <Nothing filtered={filtered} action={button} />}
              <Pager next={next} previous={previous} />
            </>
          )}
        </Loaded>
      </Card>
    </>
  );
}
