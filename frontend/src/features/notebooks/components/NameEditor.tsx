import { useState } from "react";
import type { Notebook } from "@/api";
import { useT } from "@/lib/i18n";
import { notebooksMessages } from "../i18n";
import styles from "./NameEditor.module.css";
import { useActions } from "./useActions";

const LONGEST = 80;

/** The name in place: Enter keeps it, Escape leaves it as it was. */
export function NameEditor({ notebook, onDone }: { readonly notebook: Notebook; readonly onDone: () => void }) {
  const t = useT(notebooksMessages);
  const { rename } = useActions(notebook);
  const [name, setName] = useState(notebook.name);
  const save = () => {
    const next = name.trim();
    if (next && next !== notebook.name) rename(next);
    onDone();
  };
  return (
    <input className={styles.input} aria-label={t("form.name")} value={name} maxLength={LONGEST} autoFocus
      onFocus={(event) => event.currentTarget.select()} onChange={(event) => setName(event.target.value)} onBlur={save}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
        if (event.key === "Escape") { event.stopPropagation(); onDone(); }
      }} />
  );
}
