import { useParams } from "react-router";
import type { Notebook } from "@/api";
import { useMyProject } from "@/api/projects";
import { useMe } from "@/api/session";
import { formatClock } from "@/lib/formatTime";
import { useT } from "@/lib/i18n";
import { ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Notice } from "@/ui/Notice";
import { PageHeader } from "@/ui/PageHeader";
import { SkeletonRows } from "@/ui/Skeleton";
import { sort } from "../components/meaning";
import { ProjectTable } from "../components/ProjectTable";
import { ServerGrid } from "../components/ServerCard";
import { StoppedTable } from "../components/StoppedTable";
import { notebooksMessages } from "../i18n";
import { useNotebooks } from "../queries";

function NewButton() {
  const t = useT(notebooksMessages);
  return <ButtonLink kind="primary" icon="plus" to="new">{t("new")}</ButtonLink>;
}

function Stale({ notebooks }: { readonly notebooks: readonly Notebook[] }) {
  const t = useT(notebooksMessages);
  const since = notebooks.flatMap((notebook) => notebook.workload?.stale_since ?? []).sort()[0];
  return since ? <Notice tone="warn" icon="clock" role="status">{t("stale", { time: formatClock(since, t.language) })}</Notice> : null;
}

function Lists({ notebooks }: { readonly notebooks: readonly Notebook[] }) {
  const t = useT(notebooksMessages);
  const { username } = useMe();
  const { live, stopped, others } = sort(notebooks, username);
  if (!notebooks.length) {
    return <Card label={t("title")}><EmptyState icon="notebook" title={t("empty.title")} action={<NewButton />}>{t("empty.text")}</EmptyState></Card>;
  }
  return (
    <div className="stack">
      <Stale notebooks={notebooks} />
      <h2 className="sr-only">{t("mine")}</h2>
      {live.length ? <ServerGrid notebooks={live} /> : <p className="muted">{t("noneMine")}</p>}
      {stopped.length > 0 && <StoppedTable notebooks={stopped} />}
      {others.length > 0 && <ProjectTable notebooks={others} />}
    </div>
  );
}

export default function NotebooksPage() {
  const t = useT(notebooksMessages);
  const { project = "" } = useParams();
  const role = useMyProject(project)?.role;
  const { data, error, isPending, refetch } = useNotebooks(project);
  const mayStart = role === "member" || role === "lead";
  return (
    <>
      <PageHeader title={t("title")} actions={mayStart && Boolean(data?.results.length) && <NewButton />} />
      {isPending && <Card label={t("title")} flush><SkeletonRows /></Card>}
      {error && <div style={{ marginBottom: 16 }}><ErrorNotice error={error} title={t("failedToLoad")} onRetry={() => void refetch()} /></div>}
      {data && <Lists notebooks={data.results} />}
    </>
  );
}
