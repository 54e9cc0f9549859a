import { isApiError, type Job } from "@/api";
import { useStopJob } from "@/api/jobs";
import { useMyProject } from "@/api/projects";
import { useMe } from "@/api/session";
import { useT } from "@/lib/i18n";
import { toast } from "@/ui/toast";
import { jobsMessages } from "../i18n";

/** Stop a job that runs, or take a waiting one out of the queue; refusals are said. */
export function useStop(job: Job): () => void {
  const t = useT(jobsMessages);
  const stop = useStopJob();
  const { name, status } = job;
  const done = status === "queued" ? t("cancelled", { name }) : t("stopped", { name });
  return () => void stop.mutateAsync(job).then(
    () => toast(done),
    (error: unknown) => toast(isApiError(error) ? [error.message, error.action].filter(Boolean).join(" ") : t("actionFailed"), { tone: "bad" }),
  );
}

/** Why the reader may not stop it; null when they may. */
export function useStopReason(job: Job): string | null {
  const t = useT(jobsMessages);
  const me = useMe();
  const role = useMyProject(job.project.slug)?.role;
  const may = job.owner === me.username || role === "lead" || me.permissions.platform_admin;
  return may ? null : t("notYours", { owner: job.owner });
}

export const againAddress = (job: Job): string => `/p/${job.project.slug}/jobs/new?like=${job.id}`;

/** Whether the reader may submit here: members and leads. */
export function useMaySubmit(project: string): boolean {
  const role = useMyProject(project)?.role;
  return role === "member" || role === "lead";
}
