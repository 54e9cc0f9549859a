import type { ReactNode } from "react";
import type { Check, Condition } from "@/api";
import { formatDuration } from "@/lib/formatDuration";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/Button";
import { cx } from "@/ui/cx";
import { Icon } from "@/ui/Icon";
import { SkeletonLines } from "@/ui/Skeleton";
import { partsMessages } from "../i18n";
import styles from "./FitPanel.module.css";

const ICONS = { fits: "tickRing", waits: "hourglass", never: "barredRing" } as const;
const MARKS = {
  ok: { icon: "check", tone: styles.ok }, waits: { icon: "hourglass", tone: styles.wait }, never: { icon: "barredRing", tone: styles.bar },
} as const;

function Verdict({ check }: { readonly check: Check }) {
  const t = useT(partsMessages);
  const soon = check.verdict === "fits" && check.starts_in_seconds !== null
    ? t("fit.startsIn", { duration: formatDuration(check.starts_in_seconds, t.language) }) : null;
  const said = [check.reason?.text, check.reason?.action].filter(Boolean).join(" ");
  return (
    <div className={cx(styles.verdict, styles[check.verdict])}>
      <h3><Icon name={ICONS[check.verdict]} />{t(`fit.${check.verdict}`)}</h3>
      <p>{said || soon || check.headline}</p>
    </div>
  );
}

interface ChoicesProps { readonly check: Check; readonly onUse: (profile: string) => void }

function Choices({ check, onUse }: ChoicesProps) {
  const t = useT(partsMessages);
  if (!check.choices.length) return null;
  return (
    <div className={styles.part}>
      <h3>{t("fit.choices")}</h3>
      {check.choices.slice(0, 3).map(({ profile, text }) => (
        <div key={profile.id} className={styles.choice}>
          <span className="grow"><span className="medium">{profile.name}</span> <span className="faint small">{text}</span></span>
          <Button small aria-label={t("fit.useName", { name: profile.name })} onClick={() => onUse(profile.id)}>{t("fit.use")}</Button>
        </div>
      ))}
    </div>
  );
}

function ConditionLine({ condition }: { readonly condition: Condition }) {
  const t = useT(partsMessages);
  const { icon, tone } = MARKS[condition.state];
  return (
    <li className={styles.condition}>
      <Icon name={icon} className={tone ?? ""} />
      <span className="grow">
        {t(`condition.${condition.code}`)}<span className="sr-only"> {t(`condition.${condition.state}`)}</span>
        <span className="faint small" style={{ display: "block" }}>{condition.text}</span>
      </span>
    </li>
  );
}

interface Props extends Pick<ChoicesProps, "onUse"> {
  readonly check: Check | undefined;
  /** The answer shown belongs to an earlier choice. */
  readonly old: boolean;
  readonly failed: boolean;
  /** Whether there is something to check yet. */
  readonly asked: boolean;
  /** The button and what belongs to it. */
  readonly children: ReactNode;
}

/** Before anything is asked for: fits now, will wait, or never fits, and what would. */
export function FitPanel({ check, old, failed, asked, onUse, children }: Props) {
  const t = useT(partsMessages);
  return (
    <section className={styles.panel} aria-labelledby="fit-title">
      <div className={styles.head}><h2 id="fit-title">{t("fit.title")}</h2><span className="faint small">{t("fit.live")}</span></div>
      <div role="status" className={old ? styles.old : undefined} aria-busy={old || undefined}>
        {failed && <div className={styles.part}>{t("fit.unreachable")}</div>}
        {!failed && !check && <div className={styles.part}>{asked ? <SkeletonLines lines={4} /> : t("fit.choose")}</div>}
        {!failed && check && <Verdict check={check} />}
      </div>
      {!failed && check && (
        <>
          <Choices check={check} onUse={onUse} />
          <ul className={cx(styles.part, styles.conditions)}>
            {check.conditions.map((condition) => <ConditionLine key={condition.code} condition={condition} />)}
          </ul>
        </>
      )}
      <div className={styles.submit}>{children}</div>
    </section>
  );
}
