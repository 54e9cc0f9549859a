import { useState } from "react";
import type { Project } from "@/api";
import { useWorkloads } from "@/api/workloads";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { toast } from "@/ui/toast";
import { projectsMessages } from "../i18n";
import { useArchive } from "../queries";
import styles from "./projects.module.css";

const NAMED = 5;

/** What would stop, by name; the rest as a number. */
function Consequences({ project }: { readonly project: Project }) {
  const t = useT(projectsMessages);
  const { data } = useWorkloads({ project: project.id, live: true }, { limit: 200 });
  const live = data?.results ?? [];
  return (
    <div className="col g12">
      {live.length === 0 ? <p>{t("archive.nothing")}</p> : (
        <div>
          <p>{t("archive.stops", { count: live.length })}</p>
          <ul className={styles.list}>
            {live.slice(0, NAMED).map((workload) => <li key={workload.id}>{t("archive.item", { name: workload.name, owner: workload.owner })}</li>)}
            {live.length > NAMED && <li>…</li>}
          </ul>
        </div>
      )}
      <p>{t("archive.keeps", { count: project.members_count })}</p>
    </div>
  );
}

export function ArchiveCard({ project, reason }: { readonly project: Project; readonly reason: string | null }) {
  const t = useT(projectsMessages);
  const [asking, setAsking] = useState(false);
  const { mutate: archive, error, isPending } = useArchive(project.id);
  const done = () => {
    setAsking(false);
    toast(t("archive.done", { name: project.name }));
  };
  return (
    <Card title={t("settings.danger")} className={styles.danger}>
      <div className="row g16 wrap">
        <div className="grow" style={{ minWidth: 220 }}>
          <p className="medium">{t("archive.title")}</p>
          <p className="muted small">{t("archive.text")}</p>
        </div>
        <Button kind="danger" icon="box" disabledReason={reason} onClick={() => setAsking(true)}>{t("archive.button")}</Button>
      </div>
      {asking && (
        <ConfirmDialog title={t("archive.confirm", { name: project.name })} action={t("archive.action", { name: project.name })} typeName={project.slug}
          busy={isPending} error={error} onClose={() => setAsking(false)} onConfirm={() => archive("archive", { onSuccess: done })}>
          <Consequences project={project} />
        </ConfirmDialog>
      )}
    </Card>
  );
}
