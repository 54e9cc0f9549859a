import { partsMessages } from "@/parts/i18n";
import type { FeatureManifest } from "@/ui/feature";
import { jobsMessages } from "./i18n";

const words = [jobsMessages, partsMessages];

/** Commands that run to their end without anybody: submit, watch, read the log, run again. */
export const jobs: FeatureManifest = {
  id: "jobs",
  pages: [
    { scope: "project", path: "jobs", page: () => import("./pages/JobsPage"), words },
    { scope: "project", path: "jobs/new", page: () => import("./pages/NewJobPage"), words },
    { scope: "project", path: "jobs/:id", page: () => import("./pages/JobPage"), words },
  ],
  places: [
    { scope: "project", path: "jobs", label: { en: "Jobs", fr: "Jobs" }, icon: "play", order: 30, key: "j", counts: "job", onPhone: true },
  ],
  creates: [
    { scope: "project", path: "jobs/new", label: { en: "Job", fr: "Job" }, icon: "play", order: 20 },
  ],
};
