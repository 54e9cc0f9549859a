import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { api, body, type Job, type Notebook } from "@/api";
import { useStopJob } from "@/api/jobs";
import { useMe } from "@/api/session";
import { useKeepRunning, useStop } from "@/features/notebooks/queries";
import { LANGUAGES, useLocalized, useT } from "@/lib/i18n";
import type { IconName } from "@/ui/Icon";
import { toast } from "@/ui/toast";
import { appMessages } from "../i18n";
import { CREATES, PLACES, address, mayUse, useArea } from "../places";
import { LANGUAGE_NAMES, usePreferenceActions } from "./Top";

export interface Command {
  readonly id: string;
  readonly group: string;
  readonly label: string;
  readonly hint?: string;
  readonly icon: IconName;
  readonly isAction: boolean;
  readonly run: () => void;
}

function usePlaceCommands(): Command[] {
  const t = useT(appMessages);
  const words = useLocalized();
  const me = useMe();
  const navigate = useNavigate();
  const { slug } = useArea();
  const places = PLACES.filter((place) => mayUse(me, place.audience) && (place.scope === "platform" || slug));
  const projects = me.projects.map((project): Command => ({
    id: `project/${project.slug}`, group: t("palette.projects"), label: project.name, hint: project.slug, icon: "folder", isAction: false,
    run: () => void navigate(`/p/${project.slug}`),
  }));
  return [...places.map((place): Command => ({
    id: `place/${place.scope}/${place.path}`, group: t("palette.places"), label: words(place.label), icon: place.icon, isAction: false,
    ...(place.scope === "platform" ? { hint: t("nav.platform") } : {}), run: () => void navigate(address(place, slug)),
  })), ...projects];
}

/** My notebooks of every project: found by name or id, and acted on. */
function useNotebookCommands(): Command[] {
  const t = useT(appMessages);
  const navigate = useNavigate();
  const stop = useStop();
  const keep = useKeepRunning();
  const { data } = useQuery({
    queryKey: ["notebooks", "palette"],
    queryFn: () => body(api.GET("/api/v1/notebooks", { params: { query: { owner: "me", limit: 100 } } })),
  });
  // By promise: the palette is closed before the answer comes.
  const say = (answer: Promise<unknown>, text: string): void => void answer.then(() => toast(text), (error: Error) => toast(error.message, { tone: "bad" }));
  const actions = (notebook: Notebook): Command[] => {
    if (notebook.status !== "running") return [];
    const { id, name, open_url: url } = notebook;
    const action = (verb: string, label: string, icon: IconName, run: () => void): Command => ({ id: `${verb}/${id}`, group: t("palette.actions"), label, icon, isAction: true, run });
    return [
      ...(url ? [action("open", t("palette.open", { name }), "external", () => void window.open(url, "_blank", "noopener,noreferrer"))] : []),
      action("keep", t("palette.keep", { name }), "clock", () => say(keep.mutateAsync({ notebook, values: undefined }), t("palette.done.keep", { name }))),
      action("stop", t("palette.stop", { name }), "stop", () => say(stop.mutateAsync({ notebook, values: undefined }), t("palette.done.stop", { name }))),
    ];
  };
  return (data?.results ?? []).flatMap((notebook) => [{
    id: `notebook/${notebook.id}`, group: t("palette.notebooks"), label: notebook.name, hint: `${notebook.project.name} · ${notebook.id}`, icon: "notebook" as const,
    isAction: false, run: () => void navigate(`/p/${notebook.project.slug}/notebooks/${notebook.id}`),
  }, ...actions(notebook)]);
}

/** My newest jobs of every project. */
function useJobCommands(): Command[] {
  const t = useT(appMessages);
  const navigate = useNavigate();
  const { mutateAsync: stop } = useStopJob();
  const { data } = useQuery({
    queryKey: ["jobs", "palette"],
    queryFn: () => body(api.GET("/api/v1/jobs", { params: { query: { owner: "me", limit: 100 } } })),
  });
  const end = (job: Job): void => void stop(job).then(() => toast(t("palette.done.stop", { name: job.name })), (error: Error) => toast(error.message, { tone: "bad" }));
  const action = (job: Job, verb: string, label: string, icon: IconName, run: () => void): Command => ({ id: `${verb}/${job.id}`, group: t("palette.actions"), label, icon, isAction: true, run });
  return (data?.results ?? []).flatMap((job) => {
    const page = `/p/${job.project.slug}/jobs/${job.id}`;
    const live = job.status === "queued" || job.status === "starting" || job.status === "running";
    return [
      { id: `job/${job.id}`, group: t("palette.jobs"), label: job.name, hint: `${job.project.name} · ${job.id}`, icon: "play" as const, isAction: false, run: () => void navigate(page) },
      ...(live ? [action(job, "stop", t("palette.stop", { name: job.name }), "stop", () => end(job))] : []),
      action(job, "again", t("palette.again", { name: job.name }), "clone", () => void navigate(`/p/${job.project.slug}/jobs/new?like=${job.id}`)),
    ];
  });
}

function useGeneralCommands(onHelp: () => void): Command[] {
  const t = useT(appMessages);
  const words = useLocalized();
  const me = useMe();
  const navigate = useNavigate();
  const { slug } = useArea();
  const { chooseTheme, chooseLanguage } = usePreferenceActions();
  const action = (id: string, label: string, icon: IconName, run: () => void): Command => ({ id, group: t("palette.actions"), label, icon, isAction: true, run });
  return [
    ...CREATES.filter((create) => mayUse(me, create.audience) && (create.scope !== "project" || slug)).map((create) =>
      action(`new/${create.path}`, t("palette.new", { what: words(create.label).toLowerCase() }), "plus", () => void navigate(address(create, slug)))),
    ...(["system", "light", "dark"] as const).map((name) => action(`theme/${name}`, t("palette.theme", { theme: t(`theme.${name}`) }), "sun", () => chooseTheme(name))),
    ...LANGUAGES.map((code) => action(`language/${code}`, t("palette.language", { language: LANGUAGE_NAMES[code] }), "globe", () => chooseLanguage(code))),
    action("help", t("keys.title"), "keyboard", onHelp),
  ];
}

const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Every word must occur somewhere; names that begin with the first word come first. */
export function match(commands: readonly Command[], query: string): Command[] {
  const onlyActions = query.trimStart().startsWith(">");
  const words = plain(query.replace(/^\s*>/, "")).split(/\s+/).filter(Boolean);
  const found = commands.filter((command) => (!onlyActions || command.isAction) && words.every((word) => plain(`${command.label} ${command.hint ?? ""}`).includes(word)));
  const first = words[0];
  if (!first) return found;
  const rank = (command: Command) => (plain(command.label).startsWith(first) ? 0 : 1);
  return found.sort((a, b) => rank(a) - rank(b));
}

export function useCommands(onHelp: () => void): Command[] {
  return [...usePlaceCommands(), ...useNotebookCommands(), ...useJobCommands(), ...useGeneralCommands(onHelp)];
}
