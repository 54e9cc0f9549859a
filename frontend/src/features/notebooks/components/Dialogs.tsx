import { useNavigate, useParams } from "react-router";
import type { Notebook } from "@/api";
import { useT } from "@/lib/i18n";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { notebooksMessages } from "../i18n";
import { ResourcesDialog } from "./ResourcesDialog";
import { useActions } from "./useActions";

export type Asked = "stop" | "delete" | "reset" | "resources";

interface Props {
  readonly notebook: Notebook;
  readonly asked: Asked;
  readonly onClose: () => void;
}

/** The questions before something is lost. */
export function Dialogs({ notebook, asked, onClose }: Props) {
  const t = useT(notebooksMessages);
  const navigate = useNavigate();
  const { id, project } = useParams();
  const actions = useActions(notebook);
  const { name } = notebook;
  const act = (run: () => void) => () => {
    run();
    onClose();
  };
  if (asked === "resources") return <ResourcesDialog notebook={notebook} onClose={onClose} />;
  if (asked === "stop") {
    return (
      <ConfirmDialog title={t("stop.title", { name })} action={t("stop.action", { name })} onConfirm={act(actions.stop)} onClose={onClose}>
        {t("stop.text")}
      </ConfirmDialog>
    );
  }
  if (asked === "reset") {
    return (
      <ConfirmDialog title={t("reset.title", { name })} action={t("reset.action")} onConfirm={act(actions.reset)} onClose={onClose}>
        {t("reset.text")}
      </ConfirmDialog>
    );
  }
  const remove = () => {
    actions.remove();
    // Its own page has nothing left to show.
    if (id) void navigate(`/p/${project ?? ""}/notebooks`, { replace: true });
  };
  return (
    <ConfirmDialog title={t("delete.title", { name })} action={t("delete.action", { name })} onConfirm={act(remove)} onClose={onClose}>
      {t("delete.text")}
    </ConfirmDialog>
  );
}
