import type { ReactNode } from "react";
import { useT } from "@/lib/i18n";
import { Button } from "./Button";
import styles from "./ConflictDialog.module.css";
import { Dialog, DialogFoot } from "./Dialog";
import { uiMessages } from "./i18n";

export interface Difference {
  readonly label: string;
  readonly mine: ReactNode;
  readonly theirs: ReactNode;
}

interface Props {
  /** Who set what and when: "carol set 10 at 14:02." */
  readonly title: ReactNode;
  readonly differences: readonly Difference[];
  readonly busy?: boolean;
  readonly onKeep: () => void;
  readonly onTake: () => void;
  readonly onClose: () => void;
}

/** Two people edited the same thing. Nothing is saved until this one has chosen. */
export function ConflictDialog({ title, differences, busy = false, onKeep, onTake, onClose }: Props) {
  const t = useT(uiMessages);
  return (
    <Dialog role="alertdialog" title={title} onClose={onClose}>
      <p className="muted">{t("conflict.text")}</p>
      {differences.length > 0 && (
        <table className={styles.table}>
          <thead><tr><td /><th scope="col">{t("conflict.mine")}</th><th scope="col">{t("conflict.theirs")}</th></tr></thead>
          <tbody>
            {differences.map(({ label, mine, theirs }) => (
              <tr key={label}><th scope="row">{label}</th><td>{mine}</td><td>{theirs}</td></tr>
            ))}
          </tbody>
        </table>
      )}
      <DialogFoot>
        <Button onClick={onTake}>{t("conflict.take")}</Button>
        <Button kind="primary" busy={busy} onClick={onKeep}>{t("conflict.keep")}</Button>
      </DialogFoot>
    </Dialog>
  );
}
