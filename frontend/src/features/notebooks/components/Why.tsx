import type { Notebook } from "@/api";
import { useT } from "@/lib/i18n";
import { Card } from "@/ui/Card";
import { cx } from "@/ui/cx";
import { Icon } from "@/ui/Icon";
import { STATUS } from "@/ui/StatusBadge";
import { notebooksMessages } from "../i18n";
import styles from "./Why.module.css";

const LOOKS = {
  queued: { tone: styles.waits, title: "page.waiting" }, starting: { tone: styles.coming, title: "page.starting" },
  failed: { tone: styles.failed, title: "page.failed" }, refused: { tone: styles.refused, title: "page.failed" },
  stopped: { tone: undefined, title: "page.ended" },
} as const;

const isExplained = (status: string): status is keyof typeof LOOKS => status in LOOKS;

/** Why it waits, failed or stopped; the timeline above has the steps it got to. */
export function Why({ notebook }: { readonly notebook: Notebook }) {
  const t = useT(notebooksMessages);
  const { status } = notebook;
  const reason = notebook.reason ?? notebook.workload?.reason;
  if (!isExplained(status) || (!reason && status === "stopped")) return null;
  const { tone, title } = LOOKS[status];
  return (
    <Card flush label={t(title)}>
      <div className={cx(styles.head, tone)}>
        <h2><Icon name={STATUS[status].icon} />{t(title)}</h2>
        {reason && <p className="medium">{reason.text}</p>}
        {reason?.action && <p>{reason.action}</p>}
        {!reason && status === "starting" && <p>{t("foot.starting")}</p>}
        {!reason && status === "queued" && <p>{t("foot.queued")}</p>}
      </div>
    </Card>
  );
}
