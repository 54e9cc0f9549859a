import type { ReactNode } from "react";
import styles from "./Figures.module.css";

export interface Figure {
  readonly label: string;
  readonly value: ReactNode;
  /** A quiet remark after the figure: a share, an age. */
  readonly note?: ReactNode;
}

/** The few numbers a page is about, in one strip. */
export function Figures({ label, figures }: { readonly label: string; readonly figures: readonly Figure[] }) {
  return (
    <dl className={styles.strip} aria-label={label}>
      {figures.map((figure) => (
        <div key={figure.label} className={styles.figure}>
          <dt>{figure.label}</dt>
          <dd><b>{figure.value}</b>{figure.note && <span className="faint small">{figure.note}</span>}</dd>
        </div>
      ))}
    </dl>
  );
}
