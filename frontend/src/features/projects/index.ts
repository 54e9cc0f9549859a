import type { FeatureManifest } from "@/ui/feature";
import { projectsMessages } from "./i18n";

const words = [projectsMessages];
const section = { en: "Project", fr: "Projet" };

/** Projects: the list, a new one, who is in it, its limits and its settings. */
export const projects: FeatureManifest = {
  id: "projects",
  pages: [
    { scope: "root", path: "projects", page: () => import("./pages/ProjectsPage"), words },
    { scope: "root", path: "projects/new", page: () => import("./pages/NewProjectPage"), words },
    { scope: "project", path: "members", page: () => import("./pages/MembersPage"), words },
    { scope: "project", path: "settings", page: () => import("./pages/SettingsPage"), words },
  ],
  places: [
    { scope: "project", path: "members", label: { en: "Members and budget", fr: "Membres et budget" }, icon: "people", section, order: 230 },
    { scope: "project", path: "settings", label: { en: "Settings", fr: "Réglages" }, icon: "gear", section, order: 240 },
  ],
  creates: [
    { scope: "root", path: "projects/new", label: { en: "Project", fr: "Projet" }, icon: "folder", order: 90 },
  ],
};
