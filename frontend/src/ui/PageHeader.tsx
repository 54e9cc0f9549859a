import { useEffect, useRef, type ReactNode } from "react";
import styles from "./PageHeader.module.css";

interface Props {
  readonly title: string;
  /** Shown instead of the plain title: a name that can be edited in place. */
  readonly heading?: ReactNode;
  /** Beside the title: a status, a figure. */
  readonly beside?: ReactNode;
  /** Under the title: one quiet line. */
  readonly sub?: ReactNode;
  readonly actions?: ReactNode;
}

/** The first page of a visit leaves the focus where it is, so that Tab begins with the skip link. */
let firstPage = true;

/** The heading takes the focus when the page opens, so that a screen reader starts there. */
export function PageHeader({ title, heading, beside, sub, actions }: Props) {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // The content as a whole holds it for a page that was still on its way when it was asked for.
    const at = document.activeElement;
    const isFree = at === document.body || at?.contains(ref.current);
    if (!firstPage && isFree) ref.current?.focus({ preventScroll: true });
    firstPage = false;
  }, []);
  useEffect(() => {
    document.title = `${title} · Atelier`;
  }, [title]);
  return (
    <div className={styles.head}>
      <div className={styles.titles}>
        <div className={styles.line}>
          <h1 ref={ref} tabIndex={-1}>{heading ?? title}</h1>
          {beside}
        </div>
        {sub && <div className="muted small">{sub}</div>}
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
