import { useState } from "react";
import { useParams } from "react-router";
import { hasStatus, type Notebook } from "@/api";
import { useConfig, useMe } from "@/api/session";
import { formatElapsed } from "@/lib/formatDuration";
import { useT } from "@/lib/i18n";
import { formatResources } from "@/lib/resources";
import { partsMessages } from "@/parts/i18n";
import { Events } from "@/parts/run/Events";
import { Why } from "@/parts/run/Why";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { useCrumb } from "@/ui/crumbs";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Facts, type Fact } from "@/ui/Facts";
import { Notice } from "@/ui/Notice";
import { PageHeader } from "@/ui/PageHeader";
import { SkeletonLines } from "@/ui/Skeleton";
import { StatusBadge } from "@/ui/StatusBadge";
import { useNow } from "@/ui/Time";
import { IdleNotice } from "../components/Idle";
import { elapsed } from "../components/meaning";
import { NameEditor } from "../components/NameEditor";
import { NotebookMenu } from "../components/NotebookMenu";
import { Options } from "../components/Options";
import { OpenButton, Subtitle } from "../components/ServerCard";
import { StopButton } from "../components/StopButton";
import { NotebookTimeline } from "../components/Timeline";
import { Usage } from "../components/Usage";
import { useActions } from "../components/useActions";
import { notebooksMessages } from "../i18n";
import { useNotebook } from "../queries";

interface Props { readonly notebook: Notebook }

function Actions({ notebook, onRename }: Props & { readonly onRename: () => void }) {
  const t = useT(notebooksMessages);
  const { start, cancel } = useActions(notebook);
  const { status } = notebook;
  const resting = ["stopped", "failed", "refused", "succeeded"].includes(status);
  return (
    <>
      {status === "running" && <><StopButton notebook={notebook} small={false} /><OpenButton notebook={notebook} small={false} /></>}
      {(status === "queued" || status === "starting") && <Button kind="danger" icon="x" onClick={cancel}>{t("cancelStart")}</Button>}
      {resting && <Button kind="primary" icon="play" onClick={() => start()}>{t("start")}</Button>}
      <NotebookMenu notebook={notebook} onRename={onRename} onPage />
    </>
  );
}

function Elapsed({ notebook }: Props) {
  const t = useT(notebooksMessages);
  const live = ["queued", "starting", "running"].includes(notebook.status);
  const seconds = elapsed(notebook, useNow(1000));
  return live && seconds !== null ? <span className="muted tabular">{formatElapsed(seconds, t.language)}</span> : null;
}

function About({ notebook }: Props) {
  const t = useT(notebooksMessages);
  const words = useT(partsMessages);
  const { isolation } = useConfig();
  const rows: Fact[] = [
    [t("page.owner"), notebook.owner], [t("page.environment"), notebook.environment.name], [t("page.profile"), notebook.profile.name],
    [t("page.resources"), formatResources(notebook.resources, t.language)],
    ...(notebook.home ? [[t("page.home"), notebook.home.path] as const] : []), [words("isolation"), words(`isolation.${isolation}`)], [t("page.id"), notebook.id],
  ];
  return (
    <Card title={t("page.about")}>
      <Facts facts={rows} />
    </Card>
  );
}

function Shown({ notebook }: Props) {
  const [editing, setEditing] = useState(false);
  const t = useT(notebooksMessages);
  const words = useT(partsMessages);
  const mine = useMe().username === notebook.owner;
  const heading = editing ? <NameEditor notebook={notebook} onDone={() => setEditing(false)} /> : undefined;
  return (
    <>
      <PageHeader title={notebook.name} heading={heading} sub={<Subtitle notebook={notebook} />}
        beside={<><StatusBadge status={notebook.status} staleSince={notebook.workload?.stale_since} /><Elapsed notebook={notebook} /></>}
        actions={mine && <Actions notebook={notebook} onRename={() => setEditing(true)} />} />
      <div className="stack">
        {notebook.packages_will_be_reset && <Notice>{t("willReset")}</Notice>}
        {notebook.workload && <Card flush label={words("timeline")}><NotebookTimeline notebook={notebook} workload={notebook.workload} /></Card>}
        <div className="columns">
          <div className="stack">
            <Why status={notebook.status} reason={notebook.reason ?? notebook.workload?.reason} meanwhile={{ queued: t("foot.queued"), starting: t("foot.starting") }} />
            {notebook.status === "running" && <Card label={t("page.usage")}><IdleNotice notebook={notebook} /><Usage notebook={notebook} /></Card>}
            <Events workload={notebook.workload?.id} />
          </div>
          <div className="stack">
            {mine && <Options notebook={notebook} />}
            <About notebook={notebook} />
          </div>
        </div>
      </div>
    </>
  );
}

export default function NotebookPage() {
  const t = useT(notebooksMessages);
  const { id = "" } = useParams();
  const { data, error, isPending, refetch } = useNotebook(id);
  useCrumb(data?.name);
  if (isPending) return <SkeletonLines lines={6} />;
  // The route's error page says it in the words for what is not there.
  if (hasStatus(error, 403, 404)) throw error;
  if (!data) return <ErrorNotice error={error} title={t("page.loadFailed")} onRetry={() => void refetch()} />;
  return <Shown notebook={data} />;
}
