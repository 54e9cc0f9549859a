import type { FeatureManifest } from "@/ui/feature";
import { partsMessages } from "@/parts/i18n";
import { notebooksMessages } from "./i18n";

const words = [notebooksMessages, partsMessages];

/** Notebook servers: start, watch, open, stop. */
export const notebooks: FeatureManifest = {
  id: "notebooks",
  pages: [
    { scope: "project", path: "notebooks", page: () => import("./pages/NotebooksPage"), words },
    { scope: "project", path: "notebooks/new", page: () => import("./pages/NewNotebookPage"), words },
    { scope: "project", path: "notebooks/:id", page: () => import("./pages/NotebookPage"), words },
  ],
  places: [
    { scope: "project", path: "notebooks", label: { en: "Notebooks", fr: "Notebooks" }, icon: "notebook", order: 20, key: "n", counts: "notebook", onPhone: true },
  ],
  creates: [
    { scope: "project", path: "notebooks/new", label: { en: "Notebook", fr: "Notebook" }, icon: "notebook", order: 10 },
  ],
};
