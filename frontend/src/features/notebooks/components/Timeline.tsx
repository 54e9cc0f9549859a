import type { Notebook, Workload } from "@/api";
import { formatDuration } from "@/lib/formatDuration";
import { formatClock } from "@/lib/formatTime";
import { useT } from "@/lib/i18n";
import { partsMessages } from "@/parts/i18n";
import { useStepName } from "@/parts/run/Steps";
import { Timeline, useEndPoint, useRunningPoint, type Point } from "@/parts/run/Timeline";
import { notebooksMessages } from "../i18n";

const STEP_TONES = { done: "done", active: "coming", waiting: "waiting", failed: "failed" } as const;

interface Props { readonly notebook: Notebook; readonly workload: Workload }

function useSteps({ notebook, workload }: Props): Point[] {
  const { language } = useT(partsMessages);
  const name = useStepName("notebook");
  return workload.progress.map((entry) => ({
    key: entry.step,
    tone: notebook.status === "queued" && entry.state === "active" ? "queued" : STEP_TONES[entry.state],
    title: name(entry),
    lines: entry.seconds === null ? [] : [formatDuration(entry.seconds, language)],
  }));
}

/** Every step of the start, the time it answered, and its end. */
export function NotebookTimeline({ notebook, workload }: Props) {
  const t = useT(notebooksMessages);
  const words = useT(partsMessages);
  const run = { started: workload.started, finished: workload.finished, status: notebook.status };
  const idle = notebook.idle_stop_at ? t("page.idleStop", { time: formatClock(notebook.idle_stop_at, t.language) }) : null;
  const asked: Point = {
    key: "asked", tone: "done", title: words("timeline.created"),
    lines: [formatClock(workload.created, t.language, true), words("timeline.byOwner", { name: workload.owner })],
  };
  const points = [asked, ...useSteps({ notebook, workload }), useRunningPoint(run), useEndPoint(run, workload.finished ? null : idle)];
  return <Timeline points={points} />;
}
