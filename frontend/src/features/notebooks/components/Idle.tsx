import { useEffect, useRef } from "react";
import type { Notebook } from "@/api";
import { formatCountdown, formatDuration } from "@/lib/formatDuration";
import { formatClock } from "@/lib/formatTime";
import { useT } from "@/lib/i18n";
import { announce } from "@/ui/announce";
import { Icon } from "@/ui/Icon";
import { useNow } from "@/ui/Time";
import { notebooksMessages } from "../i18n";
import { idleSeconds } from "./meaning";
import styles from "./ServerCard.module.css";

const WINDOW = 15 * 60;
const ANNOUNCED_MINUTES = [10, 5, 1] as const;

/** Said aloud at ten, five and one minute. */
function useAnnouncedStop(notebook: Notebook, left: number | null): void {
  const t = useT(notebooksMessages);
  const said = useRef<number>(Infinity);
  const due = left === null ? undefined : [...ANNOUNCED_MINUTES].reverse().find((minutes) => left <= minutes * 60);
  useEffect(() => {
    if (left === null) said.current = Infinity;
    if (due === undefined || due >= said.current) return;
    said.current = due;
    announce(t("idle.announce", { name: notebook.name, duration: formatDuration(due * 60, t.language) }), "assertive");
  });
}

export function IdleNotice({ notebook }: { readonly notebook: Notebook }) {
  const t = useT(notebooksMessages);
  const now = useNow(1000);
  const left = idleSeconds(notebook, now);
  useAnnouncedStop(notebook, left);
  if (left === null || !notebook.idle_stop_at) return null;
  const idleFor = notebook.last_activity ? (now.getTime() - Date.parse(notebook.last_activity)) / 60_000 : null;
  return (
    <div className={styles.idle}>
      <Icon name="clock" />
      <div className="grow">
        <div className="row between">
          <span className="medium" role="timer" aria-live="off">{t("idle.title", { countdown: formatCountdown(left) })}</span>
          <span className="muted small nowrap">{t("idle.at", { time: formatClock(notebook.idle_stop_at, t.language) })}</span>
        </div>
        <p className="muted small">
          {idleFor ? t("idle.text", { duration: formatDuration(Math.floor(idleFor) * 60, t.language) }) : t("idle.textShort")}
        </p>
        <div className={styles.left} aria-hidden="true"><i style={{ width: `${(left / WINDOW) * 100}%` }} /></div>
      </div>
    </div>
  );
}
