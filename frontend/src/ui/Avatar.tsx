import styles from "./Avatar.module.css";
import { cx } from "./cx";
import { Icon, type IconName } from "./Icon";

/** The first letter of someone's name in a ring; the name itself is always beside it. */
export function Avatar({ name, small = false }: { readonly name: string; readonly small?: boolean }) {
  return <span className={cx(styles.avatar, small && styles.small)} aria-hidden="true">{name.charAt(0).toUpperCase()}</span>;
}

export function Person({ name }: { readonly name: string }) {
  return <span className="row g6"><Avatar name={name} small /><span className="muted ellipsis">{name}</span></span>;
}

function initials(name: string): string {
  const words = name.split(/[\s_-]+/).filter(Boolean);
  const letters = words.length > 1 ? words.slice(0, 2).map((word) => word.charAt(0)).join("") : name.slice(0, 2);
  return letters.toUpperCase();
}

export function Tile({ name, quiet = false }: { readonly name: string; readonly quiet?: boolean }) {
  return <span className={cx(styles.tile, quiet && styles.quiet)} aria-hidden="true">{initials(name)}</span>;
}

/** For a place that is no project: the platform itself. */
export const IconTile = ({ name }: { readonly name: IconName }) => (
  <span className={cx(styles.tile, styles.ink)} aria-hidden="true"><Icon name={name} /></span>
);
