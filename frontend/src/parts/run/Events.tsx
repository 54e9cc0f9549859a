import { useWorkloadEvents } from "@/api/workloads";
import { formatClock } from "@/lib/formatTime";
import { useT } from "@/lib/i18n";
import { Card } from "@/ui/Card";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { SkeletonLines } from "@/ui/Skeleton";
import { partsMessages } from "../i18n";
import styles from "./Why.module.css";

/** What happened to this run, newest first. */
export function Events({ workload }: { readonly workload: string | undefined }) {
  const t = useT(partsMessages);
  const { data, error, isLoading, refetch } = useWorkloadEvents(workload);
  const events = [...(data?.results ?? [])].sort((a, b) => b.at.localeCompare(a.at));
  return (
    <Card title={t("events")} flush>
      <div className={styles.events}>
        {isLoading && <div className={styles.body}><SkeletonLines /></div>}
        {error && <div className={styles.body}><ErrorNotice error={error} title={t("events.failed")} onRetry={() => void refetch()} /></div>}
        {!error && !isLoading && !events.length && <p className={`faint ${styles.body}`}>{t("events.none")}</p>}
        <ol>
          {events.map((event) => (
            <li key={`${event.at}${event.code}`} className={styles.event}>
              <span className="faint small nowrap">{formatClock(event.at, t.language, true)}</span>
              <span className="grow">{event.text}</span>
            </li>
          ))}
        </ol>
      </div>
    </Card>
  );
}
