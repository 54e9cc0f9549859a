import { useState } from "react";
import type { Project } from "@/api";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { toast } from "@/ui/toast";
import { projectsMessages } from "../i18n";
import { useDeleteProject } from "../queries";
import styles from "./projects.module.css";

/** Only what is archived can be deleted: nothing runs in it, and everybody had time to look. */
export function DeleteCard({ project, reason }: { readonly project: Project; readonly reason: string | null }) {
  const t = useT(projectsMessages);
  const [asking, setAsking] = useState(false);
  const { mutate: remove, error, isPending } = useDeleteProject(project);
  const { name, slug } = project;
  const done = () => {
    setAsking(false);
    toast(t("delete.begun", { name }));
  };
  return (
    <Card title={t("settings.danger")} className={styles.danger}>
      <div className="row g16 wrap">
        <div className="grow" style={{ minWidth: 220 }}>
          <p className="medium">{t("delete.title")}</p>
          <p className="muted small">{t("delete.text")}</p>
        </div>
        <Button kind="danger" icon="trash" disabledReason={reason} onClick={() => setAsking(true)}>{t("delete.button")}</Button>
      </div>
      {asking && (
        <ConfirmDialog title={t("delete.confirm", { name })} action={t("delete.action", { name })} typeName={slug}
          busy={isPending} error={error} onClose={() => setAsking(false)} onConfirm={() => remove(undefined, { onSuccess: done })}>
          {t("delete.lost")}
        </ConfirmDialog>
      )}
    </Card>
  );
}
