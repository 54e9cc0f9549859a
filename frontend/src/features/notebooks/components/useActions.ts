import { isApiError, type Notebook } from "@/api";
import { useT } from "@/lib/i18n";
import { toast } from "@/ui/toast";
import { notebooksMessages } from "../i18n";
import { useDelete, useKeepRunning, useRename, useResetPackages, useRestart, useStart, useStop, type StartValues } from "../queries";

/** What can be done to a notebook, each with the words said afterwards. Refusals are said too. */
export function useActions(notebook: Notebook) {
  const t = useT(notebooksMessages);
  const [start, stop, keep, rename, remove, reset, restart] = [
    useStart(), useStop(), useKeepRunning(), useRename(), useDelete(), useResetPackages(), useRestart(),
  ];
  const { name } = notebook;
  const after = (text: string, undo?: () => void) => ({
    onSuccess: () => toast(text, undo ? { undo } : {}),
    onError: (error: Error) => toast(isApiError(error) ? [error.message, error.action].filter(Boolean).join(" ") : t("actionFailed"), { tone: "bad" }),
  });
  const callIt = (next: string, back?: string): void => {
    const undo = back === undefined ? () => callIt(name, next) : undefined;
    rename.mutate({ notebook: { ...notebook, name: back ?? name }, values: next }, after(t("renamed", { name: next }), undo));
  };
  return {
    start: (values: StartValues = {}) => start.mutate({ notebook, values }, after(t("starting", { name }))),
    stop: () => stop.mutate({ notebook, values: undefined }, after(t("stopping", { name }))),
    cancel: () => stop.mutate({ notebook, values: undefined }, after(t("cancelled", { name }))),
    keep: () => keep.mutate({ notebook, values: undefined }, after(t("keptUntil", { name }))),
    rename: (next: string) => callIt(next),
    remove: () => remove.mutate({ notebook, values: undefined }, after(t("deleted", { name }))),
    reset: () => reset.mutate({ notebook, values: undefined }, after(t("resetDone", { name }))),
    restart: (values: { environment?: string; profile?: string }) => restart.mutate({ notebook, values }, after(t("starting", { name }))),
  };
}
