import { useEffect } from "react";
import { useHubAbsence } from "@/api/hub";
import { useStream } from "@/api/live";
import { formatClock } from "@/lib/formatTime";
import { useT } from "@/lib/i18n";
import { announce } from "@/ui/announce";
import { Icon } from "@/ui/Icon";
import { useNow } from "@/ui/Time";
import { appMessages } from "../i18n";
import styles from "./Shell.module.css";

/** A short gap is nobody's business. */
const STALE_AFTER_MS = 10_000;

/** Since when the stream is lost, once that is worth a word. */
function useStale(): number | null {
  const { state, since } = useStream();
  const now = useNow(1000).getTime();
  return state === "lost" && now - since >= STALE_AFTER_MS ? since : null;
}

function Bar({ text }: { readonly text: string }) {
  useEffect(() => announce(text), [text]);
  return <div className={styles.notice}><Icon name="clock" />{text}</div>;
}

/** What is amiss with the portal itself, above everything. */
export function Bars() {
  const t = useT(appMessages);
  const stale = useStale();
  const hub = useHubAbsence();
  return (
    <div className={styles.bars}>
      {stale && <Bar text={t("stale", { time: formatClock(new Date(stale), t.language) })} />}
      {hub && <Bar text={t("hub.down", { time: formatClock(new Date(hub), t.language) })} />}
    </div>
  );
}
