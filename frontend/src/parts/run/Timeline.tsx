import type { Workload } from "@/api";
import { formatDuration } from "@/lib/formatDuration";
import { formatClock } from "@/lib/formatTime";
import { useT } from "@/lib/i18n";
import { cx } from "@/ui/cx";
import { Icon, type IconName } from "@/ui/Icon";
import { STATUS } from "@/ui/StatusBadge";
import { uiMessages } from "@/ui/i18n";
import { partsMessages } from "../i18n";
import styles from "./Timeline.module.css";

export interface Point {
  readonly key: string;
  readonly tone: "done" | "still" | "active" | "coming" | "queued" | "failed" | "waiting";
  readonly title: string;
  readonly lines: readonly string[];
  readonly icon?: IconName;
}

const MARKS = { done: "tickRing", still: "stop", active: "dotRing", coming: "ring", queued: "hourglass", failed: "crossRing" } as const;

type Run = Pick<Workload, "started" | "finished" | "status">;

/** The stretch in which it did its work. */
export function useRunningPoint({ started, finished, status }: Run): Point {
  const t = useT(partsMessages);
  const ran = started && finished ? (Date.parse(finished) - Date.parse(started)) / 1000 : null;
  const over = started ? "done" : "waiting";
  return {
    key: "run", title: t("timeline.running"),
    tone: finished ? over : status === "running" ? "active" : "waiting",
    lines: [
      started ? formatClock(started, t.language, true) : t("timeline.notYet"),
      ...(ran === null ? [] : [t("timeline.ranFor", { duration: formatDuration(ran, t.language) })]),
    ],
  };
}

const END_TONES = { failed: "failed", refused: "failed", stopped: "still" } as const;

/** How it ended; before that, what is said of the end to come. */
export function useEndPoint({ finished, status }: Run, note?: string | null): Point {
  const t = useT(partsMessages);
  const ui = useT(uiMessages);
  if (!finished) return { key: "end", title: t("timeline.finish"), tone: "waiting", lines: note ? [note] : [] };
  return {
    key: "end", title: ui(`status.${status}`), icon: STATUS[status].icon,
    tone: status in END_TONES ? END_TONES[status as keyof typeof END_TONES] : "done",
    lines: [formatClock(finished, t.language, true), ...(note ? [note] : [])],
  };
}

/** From the wish to the end: what took how long. */
export function Timeline({ points }: { readonly points: readonly Point[] }) {
  const t = useT(partsMessages);
  return (
    <ol className={styles.timeline} aria-label={t("timeline")}>
      {points.map(({ key, tone, title, lines, icon }) => (
        <li key={key} className={cx(styles.point, styles[tone])}>
          <div className={styles.mark}>{tone === "waiting" ? <span className={styles.hollow} /> : <Icon name={icon ?? MARKS[tone]} />}</div>
          <div>
            <div className={styles.title}>{title}</div>
            {lines.map((line) => <div key={line} className="faint small tabular">{line}</div>)}
          </div>
        </li>
      ))}
    </ol>
  );
}
