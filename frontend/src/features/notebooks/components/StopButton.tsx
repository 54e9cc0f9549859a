import { useState } from "react";
import type { Notebook } from "@/api";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/Button";
import { notebooksMessages } from "../i18n";
import { Dialogs } from "./Dialogs";
import { isInUse } from "./meaning";
import { useActions } from "./useActions";

/** An idle server stops at once; one that was busy a moment ago asks first. */
export function StopButton({ notebook, small = true }: { readonly notebook: Notebook; readonly small?: boolean }) {
  const t = useT(notebooksMessages);
  const { stop } = useActions(notebook);
  const [asking, setAsking] = useState(false);
  const press = () => (isInUse(notebook, new Date()) ? setAsking(true) : stop());
  return (
    <>
      <Button small={small} kind={small ? "quiet" : "danger"} icon="stop" aria-label={t("stop.action", { name: notebook.name })} onClick={press}>{t("stop")}</Button>
      {asking && <Dialogs notebook={notebook} asked="stop" onClose={() => setAsking(false)} />}
    </>
  );
}
