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
  // By promise and not by callback: the button may be gone from the page before the answer comes.
  const say = (answer: Promise<unknown>, text: string, undo?: () => void): void => {
    answer.then(
      () => toast(text, undo ? { undo } : {}),
      (error: unknown) => toast(isApiError(error) ? [error.message, error.action].filter(Boolean).join(" ") : t("actionFailed"), { tone: "bad" }),
    );
  };
  const callIt = (next: string, back?: string): void => {
    const undo = back === undefined ? () => callIt(name, next) : undefined;
    say(rename.mutateAsync({ notebook: { ...notebook, name: back ?? name }, values: next }), t("renamed", { name: next }), undo);
  };
  return {
    start: (values: StartValues = {}) => say(start.mutateAsync({ notebook, values }), t("starting", { name })),
    stop: () => say(stop.mutateAsync({ notebook, values: undefined }), t("stopping", { name })),
    cancel: () => say(stop.mutateAsync({ notebook, values: undefined }), t("cancelled", { name })),
    keep: () => say(keep.mutateAsync({ notebook, values: undefined }), t("keptUntil", { name })),
    rename: (next: string) => callIt(next),
    remove: () => say(remove.mutateAsync({ notebook, values: undefined }), t("deleted", { name })),
    reset: () => say(reset.mutateAsync({ notebook, values: undefined }), t("resetDone", { name })),
    restart: (values: { environment?: string; profile?: string }) => say(restart.mutateAsync({ notebook, values }), t("restarting", { name })),
  };
}
