import type { ReactNode } from "react";
import { cx } from "./cx";
import { Icon, type IconName } from "./Icon";
import styles from "./Tag.module.css";

export type Tone = "plain" | "ok" | "warn" | "bad" | "info";

interface Props {
  readonly tone?: Tone;
  readonly icon?: IconName;
  readonly children: ReactNode;
}

/** A short word about a thing: a role, "archived", "this browser". What runs has a StatusBadge. */
export function Tag({ tone = "plain", icon, children }: Props) {
  return (
    <span className={cx(styles.tag, styles[tone])}>
      {icon && <Icon name={icon} small />}
      {children}
    </span>
  );
}
