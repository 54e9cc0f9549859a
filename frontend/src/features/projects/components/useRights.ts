import type { Project } from "@/api";
import { useMe } from "@/api/session";
import { useT } from "@/lib/i18n";
import { projectsMessages } from "../i18n";

/** Why the reader may not change this project, naming who can; null when they may. */
export function useLeadReason(project: Project | undefined, what: "settings" | "members"): string | null {
  const t = useT(projectsMessages);
  const me = useMe();
  if (!project || project.role === "lead" || me.permissions.platform_admin) return null;
  return t(`leadsOnly.${what}`, { count: project.leads.length, leads: project.leads.join(", ") });
}
