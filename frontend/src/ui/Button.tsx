import type { ComponentProps, MouseEvent, ReactNode } from "react";
import { Link, type LinkProps } from "react-router";
import styles from "./Button.module.css";
import { cx } from "./cx";
import { Icon, type IconName } from "./Icon";
import { Tooltip } from "./Tooltip";

export type ButtonKind = "default" | "primary" | "danger" | "destroy" | "quiet";

interface Look {
  readonly kind?: ButtonKind;
  readonly small?: boolean;
  readonly full?: boolean;
  readonly icon?: IconName;
  readonly tail?: IconName;
}

interface ButtonProps extends Look, Omit<ComponentProps<"button">, "disabled"> {
  /** Why it cannot be used now. The button stays focusable and says so. */
  readonly disabledReason?: string | null | undefined;
  /** Its action is under way: a second press does nothing. */
  readonly busy?: boolean;
}

const classes = ({ kind = "default", small, full }: Look, extra?: string) =>
  cx(styles.btn, kind !== "default" && styles[kind], small && styles.small, full && styles.full, extra);

function Inside({ icon, tail, busy, children }: Look & { readonly busy?: boolean; readonly children: ReactNode }) {
  const lead = busy ? "ring" : icon;
  return <>{lead && <Icon name={lead} />}{children}{tail && <Icon name={tail} />}</>;
}

export function Button(props: ButtonProps) {
  const { kind, small, full, icon, tail, disabledReason, busy = false, className, onClick, children, ...rest } = props;
  const blocked = busy || Boolean(disabledReason);
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (blocked) event.preventDefault();
    else onClick?.(event);
  };
  const button = (
    <button type="button" {...rest} className={classes({ kind, small, full } as Look, className)} onClick={press}
      aria-disabled={Boolean(disabledReason) || undefined} aria-busy={busy || undefined}>
      <Inside icon={icon} tail={tail} busy={busy}>{children}</Inside>
    </button>
  );
  return disabledReason ? <Tooltip label={disabledReason}>{button}</Tooltip> : button;
}

/** Looks like a button, goes somewhere. */
export function ButtonLink({ kind, small, full, icon, tail, className, children, ...rest }: Look & LinkProps) {
  return (
    <Link {...rest} className={classes({ kind, small, full } as Look, className)}>
      <Inside icon={icon} tail={tail}>{children}</Inside>
    </Link>
  );
}

/** Leads to another host: a new tab that cannot reach back. */
export function ExternalButton({ kind, small, full, icon, tail, className, children, ...rest }: Look & ComponentProps<"a">) {
  return (
    <a target="_blank" rel="noopener noreferrer" {...rest} className={classes({ kind, small, full } as Look, className)}>
      <Inside icon={icon} tail={tail}>{children}</Inside>
    </a>
  );
}

interface IconButtonProps extends Omit<ButtonProps, "children" | "full" | "tail"> {
  readonly icon: IconName;
  readonly label: string;
}

/** Only a picture: its name is read and shown. */
export function IconButton({ icon, label, small, className, ...rest }: IconButtonProps) {
  return (
    <Tooltip label={label} describe={false}>
      <Button {...rest} small={small} aria-label={label} className={cx(styles.icon, className)} icon={icon}>{null}</Button>
    </Tooltip>
  );
}
