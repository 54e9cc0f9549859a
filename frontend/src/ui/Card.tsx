import { useId, type ReactNode } from "react";
import styles from "./Card.module.css";
import { cx } from "./cx";

interface Props {
  readonly title?: ReactNode;
  /** A quiet remark beside the title: a count, a sentence. */
  readonly note?: ReactNode;
  /** Controls at the right end of the head. */
  readonly aside?: ReactNode;
  readonly foot?: ReactNode;
  /** Tables bring their own padding. */
  readonly flush?: boolean;
  /** The name of a card that shows no title. */
  readonly label?: string;
  readonly className?: string | undefined;
  readonly children?: ReactNode;
}

export function Card({ title, note, aside, foot, flush = false, label, className, children }: Props) {
  const id = useId();
  return (
    <section className={cx(styles.card, className)} aria-labelledby={title ? id : undefined} aria-label={title ? undefined : label}>
      {title && (
        <div className={styles.head}>
          <h2 id={id}>{title}</h2>
          {note && <span className="faint small">{note}</span>}
          {aside && <div className={styles.aside}>{aside}</div>}
        </div>
      )}
      {children && (flush ? children : <div className={styles.body}>{children}</div>)}
      {foot && <div className={styles.foot}>{foot}</div>}
    </section>
  );
}
