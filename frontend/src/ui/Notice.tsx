import type { ReactNode } from "react";
import { cx } from "./cx";
import { Icon, type IconName } from "./Icon";
import styles from "./Notice.module.css";

interface Props {
  readonly tone?: "info" | "warn" | "bad" | "ok";
  readonly icon?: IconName;
  readonly title?: ReactNode;
  readonly actions?: ReactNode;
  readonly role?: "alert" | "status";
  readonly children?: ReactNode;
}

const ICONS = { info: "dotRing", warn: "warn", bad: "crossRing", ok: "tickRing" } as const;

/** A sentence that stands out: a warning, an outcome. */
export function Notice({ tone = "info", icon, title, actions, role, children }: Props) {
  return (
    <div className={cx(styles.notice, tone !== "info" && styles[tone])} role={role}>
      <Icon name={icon ?? ICONS[tone]} />
      <div className={styles.body}>
        {title && <div className="medium">{title}</div>}
        {children && <div className={title ? "muted" : undefined}>{children}</div>}
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
