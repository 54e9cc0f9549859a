import type { Notebook } from "@/api";
import { formatDuration } from "@/lib/formatDuration";
import { formatClock } from "@/lib/formatTime";
import { useT } from "@/lib/i18n";
import { cx } from "@/ui/cx";
import { Icon, type IconName } from "@/ui/Icon";
import { STATUS } from "@/ui/StatusBadge";
import { uiMessages } from "@/ui/i18n";
import { notebooksMessages } from "../i18n";
import { useStepName } from "./Steps";
import styles from "./Timeline.module.css";

interface Point {
  readonly key: string;
  readonly tone: "done" | "still" | "active" | "coming" | "queued" | "failed" | "waiting";
  readonly title: string;
  readonly lines: readonly string[];
  readonly icon?: IconName;
}

const MARKS = { done: "tickRing", still: "stop", active: "dotRing", coming: "ring", queued: "hourglass", failed: "crossRing" } as const;
const STEP_TONES = { done: "done", active: "coming", waiting: "waiting", failed: "failed" } as const;

function useSteps(notebook: Notebook): Point[] {
  const t = useT(notebooksMessages);
  const name = useStepName();
  return (notebook.workload?.progress ?? []).map((entry) => ({
    key: entry.step,
    tone: notebook.status === "queued" && entry.state === "active" ? "queued" : STEP_TONES[entry.state],
    title: name(entry),
    lines: entry.seconds === null ? [] : [formatDuration(entry.seconds, t.language)],
  }));
}

function usePoints(notebook: Notebook): Point[] {
  const t = useT(notebooksMessages);
  const ui = useT(uiMessages);
  const steps = useSteps(notebook);
  const { workload, status } = notebook;
  if (!workload) return [];
  const clock = (at: string) => formatClock(at, t.language, true);
  const { started, finished } = workload;
  const ran = started && finished ? (Date.parse(finished) - Date.parse(started)) / 1000 : null;
  const running: Point = {
    key: "run", title: t("page.running"),
    tone: finished ? (started ? "done" : "waiting") : status === "running" ? "active" : "waiting",
    lines: [started ? clock(started) : t("page.notYet"), ...(ran === null ? [] : [t("page.ranFor", { duration: formatDuration(ran, t.language) })])],
  };
  const end: Point = {
    key: "end", title: finished ? ui(`status.${status}`) : t("page.finish"),
    tone: !finished ? "waiting" : status === "failed" || status === "refused" ? "failed" : status === "stopped" ? "still" : "done",
    lines: finished ? [clock(finished)] : notebook.idle_stop_at ? [t("page.idleStop", { time: formatClock(notebook.idle_stop_at, t.language) })] : [],
    ...(finished ? { icon: STATUS[status].icon } : {}),
  };
  const asked: Point = { key: "asked", tone: "done", title: t("page.created"), lines: [clock(workload.created), t("page.byOwner", { name: workload.owner })] };
  return [asked, ...steps, running, end];
}

/** From the wish to the end: what took how long. */
export function Timeline({ notebook }: { readonly notebook: Notebook }) {
  const t = useT(notebooksMessages);
  const points = usePoints(notebook);
  if (!points.length) return null;
  return (
    <ol className={styles.timeline} aria-label={t("page.timeline")}>
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
