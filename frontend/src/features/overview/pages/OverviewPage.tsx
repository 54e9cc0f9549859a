import { Link, useParams } from "react-router";
import type { QuotaAmounts } from "@/api";
import { useJobs } from "@/api/jobs";
import { useMyProject, useProject, useProjectQuota } from "@/api/projects";
import { useMe } from "@/api/session";
import { useWorkloads } from "@/api/workloads";
import { useT } from "@/lib/i18n";
import { ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { useFilter } from "@/ui/FilterBar";
import { PageHeader } from "@/ui/PageHeader";
import { QuotaBar, QuotaLegend } from "@/ui/QuotaBar";
import { Segmented } from "@/ui/Segmented";
import { SkeletonLines, SkeletonRows } from "@/ui/Skeleton";
import { useNow } from "@/ui/Time";
import { NeedsYou } from "../components/NeedsYou";
import { finishedToday, needs } from "../components/needs";
import { FinishedTable, LiveTable } from "../components/Tables";
import { overviewMessages } from "../i18n";
import { useMyNotebooks } from "../queries";

interface Props { readonly project: string }

function useMayStart(project: string): boolean {
  const role = useMyProject(project)?.role;
  return role === "member" || role === "lead";
}

function LiveNow({ project }: Props) {
  const t = useT(overviewMessages);
  const { username } = useMe();
  const mayStart = useMayStart(project);
  const [whose, setWhose] = useFilter("owner");
  const { data, error, isPending, refetch } = useWorkloads({ project, live: true });
  const rows = (data?.results ?? []).filter((row) => whose !== "me" || row.owner === username);
  const choice = (
    <Segmented label={t("live.whose")} value={whose === "me" ? "me" : "all"} onChange={(value) => setWhose(value === "me" ? "me" : "")}
      options={[{ value: "all", label: t("live.everyone") }, { value: "me", label: t("live.mine") }]} />
  );
  return (
    <Card flush title={t("live.title")} note={rows.length || null} aside={choice}>
      {isPending && <SkeletonRows rows={3} />}
      {error && <div style={{ padding: 14 }}><ErrorNotice error={error} title={t("live.failed")} onRetry={() => void refetch()} /></div>}
      {data && rows.length > 0 && <LiveTable rows={rows} />}
      {data && rows.length === 0 && (
        <EmptyState icon="notebook" title={t(whose === "me" ? "live.emptyMine" : "live.empty")}
          action={mayStart && <ButtonLink icon="plus" to="notebooks/new">{t("newNotebook")}</ButtonLink>}>
          {mayStart && t("live.emptyText")}
        </EmptyState>
      )}
    </Card>
  );
}

const ENDED = "succeeded,failed,stopped,refused";

function FinishedToday({ project }: Props) {
  const t = useT(overviewMessages);
  const { data, error, isPending, refetch } = useWorkloads({ project, live: false }, { limit: 50 });
  const now = useNow(60_000);
  const rows = finishedToday((data?.results ?? []).filter(({ status }) => ENDED.includes(status)), now).slice(0, 8);
  return (
    <Card flush title={t("finished.title")} aside={<Link className="link small" to="jobs">{t("allJobs")}</Link>}>
      {isPending && <SkeletonRows rows={2} />}
      {error && <div style={{ padding: 14 }}><ErrorNotice error={error} title={t("finished.failed")} onRetry={() => void refetch()} /></div>}
      {data && (rows.length ? <FinishedTable rows={rows} /> : <p className="faint" style={{ padding: 14 }}>{t("finished.none")}</p>)}
    </Card>
  );
}

/** Accelerators first: they are what people wait for. */
function ordered(lines: readonly QuotaAmounts[]): QuotaAmounts[] {
  const rank = (resource: string) => (resource.startsWith("accelerator") ? 0 : 1 + ["cpu", "memory", "notebooks"].indexOf(resource));
  return lines.filter((line) => line.limit !== null || line.used > 0).sort((a, b) => rank(a.resource) - rank(b.resource));
}

function Quota({ project }: Props) {
  const t = useT(overviewMessages);
  const { data, error, isPending, refetch } = useProjectQuota(project);
  const lines = ordered(data ?? []);
  return (
    <Card title={t("quota.title")}>
      {isPending && <SkeletonLines lines={5} />}
      {error && <ErrorNotice error={error} title={t("quota.failed")} onRetry={() => void refetch()} />}
      {data && !lines.length && <p className="faint">{t("quota.none")}</p>}
      {lines.length > 0 && (
        <div className="col" style={{ gap: 15 }}>
          {lines.map((line) => <QuotaBar key={line.resource} line={{ ...line, used: line.in_use, reserved: line.used - line.in_use }} />)}
          <div style={{ borderTop: "1px solid var(--line)", paddingTop: 11 }}><QuotaLegend /></div>
        </div>
      )}
    </Card>
  );
}

function Needs({ project }: Props) {
  const { data: notebooks } = useMyNotebooks(project);
  const { data: jobs } = useJobs({ project, owner: "me", status: "failed,refused" }, 10);
  const { data: quota } = useProjectQuota(project);
  return <NeedsYou list={needs(notebooks?.results ?? [], jobs?.results ?? [], quota ?? [], useNow(10_000))} />;
}

function useTitle(project: string): string {
  const mine = useMyProject(project);
  return useProject(project).data?.name ?? mine?.name ?? project;
}

export default function OverviewPage() {
  const t = useT(overviewMessages);
  const { project = "" } = useParams();
  const title = useTitle(project);
  const mayStart = useMayStart(project);
  const actions = mayStart && (
    <>
      <ButtonLink icon="notebook" to="notebooks/new">{t("newNotebook")}</ButtonLink>
      <ButtonLink kind="primary" icon="plus" to="jobs/new">{t("newJob")}</ButtonLink>
    </>
  );
  return (
    <>
      <PageHeader title={title} actions={actions} />
      <div className="stack">
        <Needs project={project} />
        <div className="columns">
          <div className="stack"><LiveNow project={project} /><FinishedToday project={project} /></div>
          <Quota project={project} />
        </div>
      </div>
    </>
  );
}
