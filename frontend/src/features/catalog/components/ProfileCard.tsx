import type { Profile } from "@/api";
import { formatBinary } from "@/lib/formatBytes";
import { useT } from "@/lib/i18n";
import { formatResources } from "@/lib/resources";
import { cx } from "@/ui/cx";
import { Icon } from "@/ui/Icon";
import { catalogMessages } from "../i18n";
import styles from "./catalog.module.css";
import { Fit } from "./Fit";

export const KIND_ICONS = { cpu: "cpu", gpu: "gpu", spark: "spark" } as const;

export type Shown = Omit<Profile, "id" | "slug" | "all_projects" | "projects" | "ordering">;

/** "2 cores · 8 GiB", with the executors of Spark on a line of their own. */
export function Hardware({ profile }: { readonly profile: Shown }) {
  const t = useT(catalogMessages);
  const own = formatResources(profile.resources, t.language);
  const each = profile.spark_executor_resources;
  const shared = profile.shared_memory_bytes > 0 && t("shared", { size: formatBinary(profile.shared_memory_bytes, t.language) });
  return (
    <>
      <span>{each ? t("spark.driver", { resources: own }) : own}</span>
      {each && <span>{t("spark.executors", { count: profile.spark_executors, resources: formatResources(each, t.language) })}</span>}
      {shared && <span>{shared}</span>}
    </>
  );
}

/** A profile as the launch form shows it. */
export function ProfileCard({ profile, fit = true }: { readonly profile: Shown; readonly fit?: boolean }) {
  return (
    <article aria-label={profile.name} className={cx(styles.profile, (!profile.enabled || profile.unavailable_reason) && styles.off)}>
      <p className={styles.title}><Icon name={KIND_ICONS[profile.kind_label]} />{profile.name || "–"}</p>
      <div className="muted small col"><Hardware profile={profile} /></div>
      {profile.description && <p className="faint small">{profile.description}</p>}
      {fit && <Fit entry={profile} />}
    </article>
  );
}
