import type { Project } from "@/api";
import { formatTime } from "@/lib/formatTime";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/Notice";
import { toast } from "@/ui/toast";
import { projectsMessages } from "../i18n";
import { useArchive } from "../queries";

export function ArchivedNotice({ project, reason }: { readonly project: Project; readonly reason: string | null }) {
  const t = useT(projectsMessages);
  const { mutate: archive, isPending } = useArchive(project.id);
  if (!project.archived_at) return null;
  const open = () => archive("unarchive", {
    onSuccess: () => toast(t("unarchive.done", { name: project.name })),
    onError: (error) => toast(error.message, { tone: "bad" }),
  });
  return (
    <Notice tone="warn" icon="box" title={t("unarchive.title", { time: formatTime(project.archived_at, t.language) })}
      actions={<Button small busy={isPending} disabledReason={reason} onClick={open}>{t("unarchive.button")}</Button>}>
      {t("unarchive.text")}
    </Notice>
  );
}
