import { formatClock } from "@/lib/formatTime";
import { useT } from "@/lib/i18n";
import type { Status } from "@/lib/status";
import { cx } from "./cx";
import { Icon, type IconName } from "./Icon";
import { uiMessages } from "./i18n";
import styles from "./StatusBadge.module.css";

type Tone = "queued" | "starting" | "running" | "still" | "ok" | "bad" | "no";

/** The one map of statuses: a new status of the server fails the build here. */
export const STATUS: Record<Status, { readonly icon: IconName; readonly tone: Tone }> = {
  queued: { icon: "hourglass", tone: "queued" },
  starting: { icon: "ring", tone: "starting" },
  running: { icon: "dotRing", tone: "running" },
  stopping: { icon: "stop", tone: "still" },
  succeeded: { icon: "tickRing", tone: "ok" },
  failed: { icon: "crossRing", tone: "bad" },
  stopped: { icon: "stop", tone: "still" },
  refused: { icon: "barredRing", tone: "no" },
  asleep: { icon: "moon", tone: "still" },
};

interface Props {
  readonly status: Status;
  /** Since when the engine could not be seen: the status stays, with a clock beside it. */
  readonly staleSince?: string | null | undefined;
}

export function StatusBadge({ status, staleSince }: Props) {
  const t = useT(uiMessages);
  const { icon, tone } = STATUS[status];
  return (
    <>
      <span className={cx(styles.badge, styles[tone], status === "stopped" && styles.filled)}>
        <Icon name={icon} small />
        {t(`status.${status}`)}
      </span>
      {staleSince && (
        <span className={styles.stale}>
          <Icon name="clock" small />
          {t("stale", { time: formatClock(staleSince, t.language) })}
        </span>
      )}
    </>
  );
}
