import type { Profile, ProjectQuotaLine } from "@/api";
import { formatBinary } from "@/lib/formatBytes";
import { useT } from "@/lib/i18n";
import { formatResources } from "@/lib/resources";
import { cx } from "@/ui/cx";
import { Icon } from "@/ui/Icon";
import { formatAmount } from "@/ui/QuotaBar";
import { partsMessages } from "../i18n";
import { fitOf, KIND_ICONS, type LaunchKind } from "./fit";
import styles from "./ResourcesPicker.module.css";

function Size({ profile }: { readonly profile: Profile }) {
  const t = useT(partsMessages);
  const { spark_executors: executors, spark_executor_resources: each, shared_memory_bytes: shared } = profile;
  return (
    <>
      <span className="muted small">{formatResources(profile.resources, t.language)}</span>
      {executors > 0 && each && <span className="muted small">{t("size.spark", { executors, resources: formatResources(each, t.language) })}</span>}
      {shared > 0 && <span className="faint small">{t("size.shared", { size: formatBinary(shared, t.language) })}</span>}
      {profile.description && <span className="faint small">{profile.description}</span>}
    </>
  );
}

interface FitProps { readonly profile: Profile; readonly quota: readonly ProjectQuotaLine[]; readonly kind: LaunchKind }

/** Two words, and what is free now. What can never be served stays and says why. */
function FitLine({ profile, quota, kind }: FitProps) {
  const t = useT(partsMessages);
  if (profile.unavailable_reason) {
    return (
      <>
        <span className={cx(styles.fit, styles.never)}><Icon name="barredRing" small />{t("fit.never")}</span>
        <span className="faint small">{profile.unavailable_reason.text}</span>
      </>
    );
  }
  if (!quota.length) return null;
  const { verdict, resource, free } = fitOf(profile, quota, kind);
  return (
    <>
      <span className={cx(styles.fit, styles[verdict])}><Icon name={verdict === "fits" ? "check" : "hourglass"} small />{t(verdict === "quota" && kind === "job" ? "fit.waits" : `fit.${verdict}`)}</span>
      {free !== null && <span className="faint small">{t("fit.free", { amount: formatAmount(resource, free, t.language) })}</span>}
    </>
  );
}

interface Props {
  readonly legend: string;
  readonly kind?: LaunchKind;
  readonly profiles: readonly Profile[];
  readonly quota: readonly ProjectQuotaLine[];
  readonly value: string;
  readonly onChange: (id: string) => void;
}

/** One card a profile; arrows move, as in any group of radio buttons. */
export function ResourcesPicker({ legend, kind = "notebook", profiles, quota, value, onChange }: Props) {
  return (
    <fieldset className={styles.grid}>
      <legend className="sr-only">{legend}</legend>
      {profiles.map((profile) => (
        <label key={profile.id} className={styles.card}>
          <input type="radio" name="profile" value={profile.id} checked={profile.id === value} onChange={() => onChange(profile.id)} />
          <span className={styles.title}>
            <Icon name={KIND_ICONS[profile.kind_label]} />{profile.name}<Icon name="tickRing" className={styles.tick ?? ""} />
          </span>
          <Size profile={profile} />
          <FitLine profile={profile} quota={quota} kind={kind} />
        </label>
      ))}
    </fieldset>
  );
}
