import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import type { Notebook } from "@/api";
import { formatElapsed } from "@/lib/formatDuration";
import { useT } from "@/lib/i18n";
import { formatResources } from "@/lib/resources";
import { KIND_ICONS } from "@/parts/launch/fit";
import { Steps } from "@/parts/run/Steps";
import { announce } from "@/ui/announce";
import { Button, ExternalButton } from "@/ui/Button";
import { cx } from "@/ui/cx";
import { Icon } from "@/ui/Icon";
import { StatusBadge } from "@/ui/StatusBadge";
import { Time, useNow } from "@/ui/Time";
import { notebooksMessages } from "../i18n";
import { IdleNotice } from "./Idle";
import { elapsed } from "./meaning";
import { NameEditor } from "./NameEditor";
import { NotebookMenu } from "./NotebookMenu";
import styles from "./ServerCard.module.css";
import { StopButton } from "./StopButton";
import { Usage } from "./Usage";
import { useActions } from "./useActions";

interface Props { readonly notebook: Notebook }

/** Tell those who wait without looking that it is ready, or that it failed. */
function useAnnouncedStatus({ name, status }: Notebook): void {
  const t = useT(notebooksMessages);
  const before = useRef(status);
  useEffect(() => {
    if (before.current === "starting" && status === "running") announce(t("ready.announce", { name }));
    if (before.current !== status && status === "failed") announce(t("failed.announce", { name }), "assertive");
    before.current = status;
  }, [status, name, t]);
}

function Elapsed({ notebook }: Props) {
  const t = useT(notebooksMessages);
  const seconds = elapsed(notebook, useNow(1000));
  return seconds === null ? null : <span className="faint small nowrap end">{formatElapsed(seconds, t.language)}</span>;
}

export function Subtitle({ notebook }: Props) {
  const t = useT(notebooksMessages);
  const words = { resources: formatResources(notebook.resources, t.language), environment: notebook.environment.name };
  return t(notebook.profile.kind_label === "spark" ? "sub.spark" : "sub", words);
}

function Activity({ notebook }: Props) {
  const t = useT(notebooksMessages);
  return (
    <p className={`faint small ${styles.activity}`}>
      {t("activity.label")} <span className="muted">{notebook.last_activity ? <Time value={notebook.last_activity} relative /> : t("activity.none")}</span>
    </p>
  );
}

function Running({ notebook }: Props) {
  const t = useT(notebooksMessages);
  return <>{notebook.rescue && <p className="small" style={{ marginBottom: 10 }}>{t("rescued")}</p>}<IdleNotice notebook={notebook} /><Usage notebook={notebook} /><Activity notebook={notebook} /></>;
}

function Coming({ notebook }: Props) {
  const { workload } = notebook;
  return (
    <>
      {notebook.reason && notebook.status !== "stopping" && <p style={{ marginBottom: 10 }}>{[notebook.reason.text, notebook.reason.action].filter(Boolean).join(" ")}</p>}
      {workload && notebook.status !== "stopping" && <Steps kind="notebook" progress={workload.progress} since={workload.created} />}
    </>
  );
}

export function OpenButton({ notebook, small = true }: Props & { readonly small?: boolean }) {
  const t = useT(notebooksMessages);
  if (!notebook.open_url) return null;
  return (
    <ExternalButton small={small} kind="primary" icon="external" href={notebook.open_url} title={t("openHint")} aria-label={`${t("open")} ${notebook.name}`}>
      {t("open")}
    </ExternalButton>
  );
}

function RunningFoot({ notebook }: Props) {
  const t = useT(notebooksMessages);
  const { keep } = useActions(notebook);
  return (
    <>
      <OpenButton notebook={notebook} />
      {notebook.idle_stop_at && <Button small onClick={keep}>{t("keep")}</Button>}
      <span className="grow" />
      <StopButton notebook={notebook} />
    </>
  );
}

function footOf({ status, restarting }: Notebook) {
  if (status === "queued") return "foot.queued";
  if (status !== "stopping") return "foot.starting";
  return restarting ? "foot.restarting" : "foot.stopping";
}

function ComingFoot({ notebook }: Props) {
  const t = useT(notebooksMessages);
  const { cancel } = useActions(notebook);
  return (
    <>
      <span className="muted small grow">{t(footOf(notebook))}</span>
      {notebook.status !== "stopping" && <Button small onClick={cancel}>{t("cancelStart")}</Button>}
    </>
  );
}

/** One of my live servers. */
export function ServerCard({ notebook }: Props) {
  const [editing, setEditing] = useState(false);
  const kind = notebook.profile.kind_label;
  const running = notebook.status === "running";
  useAnnouncedStatus(notebook);
  return (
    <section className={styles.card} aria-label={notebook.name}>
      <div className={styles.body}>
        <div className={styles.head}>
          <span className={cx("row", styles[kind])}><Icon name={KIND_ICONS[kind]} /></span>
          <h3 className={styles.name}>
            {editing ? <NameEditor notebook={notebook} onDone={() => setEditing(false)} /> : <Link to={notebook.id}>{notebook.name}</Link>}
          </h3>
          <StatusBadge status={notebook.status} staleSince={notebook.workload?.stale_since} />
          <Elapsed notebook={notebook} />
        </div>
        <p className={`muted small ${styles.sub}`}><Subtitle notebook={notebook} /></p>
        {running ? <Running notebook={notebook} /> : <Coming notebook={notebook} />}
      </div>
      <div className={styles.foot}>
        {running ? <RunningFoot notebook={notebook} /> : <ComingFoot notebook={notebook} />}
        <NotebookMenu notebook={notebook} onRename={() => setEditing(true)} />
      </div>
    </section>
  );
}

export const ServerGrid = ({ notebooks }: { readonly notebooks: readonly Notebook[] }) => (
  <div className={styles.grid}>{notebooks.map((notebook) => <ServerCard key={notebook.id} notebook={notebook} />)}</div>
);
