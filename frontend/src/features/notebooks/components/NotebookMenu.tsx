import { useState } from "react";
import { useNavigate } from "react-router";
import type { Notebook } from "@/api";
import { useT } from "@/lib/i18n";
import { isLive } from "@/lib/status";
import { IconButton } from "@/ui/Button";
import { Menu, type MenuEntry } from "@/ui/Menu";
import { notebooksMessages } from "../i18n";
import { Dialogs, type Asked } from "./Dialogs";
import { useActions } from "./useActions";

interface Props {
  readonly notebook: Notebook;
  readonly onRename: () => void;
  /** Its own page needs no link to itself. */
  readonly onPage?: boolean;
}

/** The rarer actions; those that cannot be used now stay and say why. */
export function NotebookMenu({ notebook, onRename, onPage = false }: Props) {
  const t = useT(notebooksMessages);
  const navigate = useNavigate();
  const actions = useActions(notebook);
  const [asked, setAsked] = useState<Asked | null>(null);
  const live = isLive(notebook.status);
  const stopFirst = live ? t("stopFirst") : null;
  const details: MenuEntry = { key: "details", label: t("details"), icon: "list", onSelect: () => void navigate(`/p/${notebook.project.slug}/notebooks/${notebook.id}`) };
  const entries: MenuEntry[] = [
    ...(onPage ? [] : [details]),
    { key: "rename", label: t("rename"), icon: "pencil", onSelect: onRename },
    { key: "resources", label: t(live ? "restart" : "startWith"), icon: "cpu", onSelect: () => setAsked("resources") },
    { key: "rescue", label: t("rescue"), hint: t("rescueHint"), icon: "flask", disabledReason: stopFirst, onSelect: () => actions.start({ rescue: true }) },
    { key: "reset", label: t("resetPackages"), hint: t("resetPackagesHint"), icon: "box", disabledReason: stopFirst, onSelect: () => setAsked("reset") },
    { key: "line", line: true },
    { key: "delete", label: t("delete"), icon: "trash", danger: true, disabledReason: stopFirst, onSelect: () => setAsked("delete") },
  ];
  return (
    <>
      <Menu label={t("more", { name: notebook.name })} align="right" entries={entries}
        trigger={<IconButton small={!onPage} icon="dots" label={t("more", { name: notebook.name })} />} />
      {asked && <Dialogs notebook={notebook} asked={asked} onClose={() => setAsked(null)} />}
    </>
  );
}
