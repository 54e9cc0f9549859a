import type { ReactNode } from "react";
import { useT } from "@/lib/i18n";
import { CopyButton } from "./CopyButton";
import styles from "./CopyOnce.module.css";
import { uiMessages } from "./i18n";

interface Props {
  /** "Token laptop is ready." */
  readonly title: ReactNode;
  readonly label: string;
  readonly value: string;
}

/** A secret that is shown this one time. */
export function CopyOnce({ title, label, value }: Props) {
  const t = useT(uiMessages);
  return (
    <div className={styles.box} role="status">
      <p className="medium">{title} {t("copyOnce")}</p>
      <div className="row">
        <input className={styles.secret} readOnly aria-label={label} value={value} onFocus={(event) => event.currentTarget.select()} />
        <CopyButton value={value} small={false} />
      </div>
    </div>
  );
}
