import type { Environment, Profile } from "@/api";
import { useT } from "@/lib/i18n";
import { cx } from "@/ui/cx";
import { Icon } from "@/ui/Icon";
import { catalogMessages } from "../i18n";
import styles from "./catalog.module.css";

type Entry = Pick<Environment | Profile, "enabled" | "unavailable_reason">;

/** Whether it can be started here, and if not, why. */
export function Fit({ entry }: { readonly entry: Entry }) {
  const t = useT(catalogMessages);
  const reason = entry.unavailable_reason;
  if (!entry.enabled) return <span className={cx(styles.fit, styles.still)}><Icon name="stop" small />{t("disabled")}</span>;
  if (!reason) return <span className={cx(styles.fit, styles.yes)}><Icon name="check" small />{t("available")}</span>;
  return (
    <span className={styles.fit}>
      <Icon name="barredRing" small className={styles.no} />
      <span><span className={styles.no}>{t("unavailable")}</span> <span className="muted">{[reason.text, reason.action].filter(Boolean).join(" ")}</span></span>
    </span>
  );
}

export function Offered({ entry }: { readonly entry: Pick<Profile, "all_projects" | "projects"> }) {
  const t = useT(catalogMessages);
  if (entry.all_projects) return t("offered.all");
  return entry.projects.length ? t("offered.some", { count: entry.projects.length }) : t("offered.none");
}
