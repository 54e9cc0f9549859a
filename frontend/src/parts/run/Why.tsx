import type { ReactNode } from "react";
import type { Sentence } from "@/api";
import { useT } from "@/lib/i18n";
import type { Status } from "@/lib/status";
import { Card } from "@/ui/Card";
import { cx } from "@/ui/cx";
import { Icon } from "@/ui/Icon";
import { STATUS } from "@/ui/StatusBadge";
import { partsMessages } from "../i18n";
import styles from "./Why.module.css";

const LOOKS = {
  queued: { tone: styles.waits, title: "why.waiting" }, starting: { tone: styles.coming, title: "why.starting" },
  failed: { tone: styles.failed, title: "why.failed" }, refused: { tone: styles.refused, title: "why.failed" },
  stopped: { tone: undefined, title: "why.ended" },
} as const;

const isExplained = (status: Status): status is keyof typeof LOOKS => status in LOOKS;

interface Props {
  readonly status: Status;
  readonly reason: Sentence | null | undefined;
  /** What is said while nothing more is known. */
  readonly meanwhile: { readonly queued: string; readonly starting: string };
  /** Evidence under the headline: steps, last lines, figures. */
  readonly children?: ReactNode;
}

/** Why it waits, failed or stopped: the portal's own sentence, and what the reader can do. */
export function Why({ status, reason, meanwhile, children }: Props) {
  const t = useT(partsMessages);
  if (!isExplained(status) || (!reason && status === "stopped")) return null;
  const { tone, title } = LOOKS[status];
  const waits = status === "queued" || status === "starting";
  // While it starts the portal's reason is news of a wait: the panel says so.
  const stuck = status === "starting" && reason;
  return (
    <Card flush label={t(title)}>
      <div className={cx(styles.head, stuck ? styles.waits : tone)}>
        <h2><Icon name={stuck ? "hourglass" : STATUS[status].icon} />{t(stuck ? "why.waiting" : title)}</h2>
        {reason && <p className="medium">{reason.text}</p>}
        {reason?.action && <p>{reason.action}</p>}
        {!reason && waits && <p>{meanwhile[status]}</p>}
      </div>
      {children}
    </Card>
  );
}
