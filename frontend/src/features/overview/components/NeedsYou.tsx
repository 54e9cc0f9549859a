import type { ReactNode } from "react";
import type { Notebook } from "@/api";
import { formatDuration } from "@/lib/formatDuration";
import { formatTime } from "@/lib/formatTime";
import { useT } from "@/lib/i18n";
import { Button, ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { cx } from "@/ui/cx";
import { Icon, type IconName } from "@/ui/Icon";
import { formatAmount, resourceName } from "@/ui/QuotaBar";
import { toast } from "@/ui/toast";
import { uiMessages } from "@/ui/i18n";
import { overviewMessages } from "../i18n";
import { useKeepRunning } from "../queries";
import type { Need } from "./needs";
import styles from "./NeedsYou.module.css";

interface ItemProps {
  readonly tone: "warn" | "bad" | "no";
  readonly icon: IconName;
  readonly what: ReactNode;
  readonly text: ReactNode;
  readonly action?: ReactNode;
}

const Item = ({ tone, icon, what, text, action }: ItemProps) => (
  <li className={cx(styles.item, styles[tone])}>
    <Icon name={icon} />
    <span className={styles.words}><b className="medium">{what}</b> <span className="muted">{text}</span></span>
    {action}
  </li>
);

function Keep({ notebook }: { readonly notebook: Notebook }) {
  const t = useT(overviewMessages);
  const { mutateAsync, isPending } = useKeepRunning();
  const keep = () => void mutateAsync(notebook.id).then(
    () => toast(t("needs.kept", { name: notebook.name })),
    () => toast(t("needs.notKept"), { tone: "bad" }),
  );
  return <Button small busy={isPending} onClick={keep}>{t("needs.keep")}</Button>;
}

function NeedItem({ need }: { readonly need: Need }) {
  const t = useT(overviewMessages);
  const ui = useT(uiMessages);
  if (need.kind === "quota") {
    const { resource, limit, used } = need.line;
    const amount = (value: number) => formatAmount(resource, value, t.language);
    return <Item tone="warn" icon="warn" what={t("needs.quota", { resource: resourceName(resource, ui) })} text={t("needs.quotaText", { free: amount(Math.max(0, limit - used)), limit: amount(limit) })} />;
  }
  if (need.kind === "job") {
    const { job } = need;
    const failed = job.status === "failed";
    return (
      <Item tone={failed ? "bad" : "no"} icon={failed ? "crossRing" : "barredRing"} what={t(failed ? "needs.failed" : "needs.refused", { name: job.name })} text={job.reason?.text}
        action={<ButtonLink small to={`jobs/${job.id}`}>{t(failed ? "needs.why" : "needs.whyRefused")}</ButtonLink>} />
    );
  }
  const { notebook } = need;
  const { name } = notebook;
  if (need.kind === "idle") {
    const text = notebook.last_activity ? t("needs.idleText", { time: formatTime(notebook.last_activity, t.language) }) : null;
    return <Item tone="warn" icon="clock" what={t("needs.idle", { name, duration: formatDuration(Math.max(60, Math.ceil(need.seconds / 60) * 60), t.language) })} text={text} action={<Keep notebook={notebook} />} />;
  }
  const failed = need.kind === "failed";
  return (
    <Item tone={failed ? "bad" : "no"} icon={failed ? "crossRing" : "barredRing"} what={t(`needs.${need.kind}`, { name })} text={notebook.reason?.text}
      action={<ButtonLink small to={`notebooks/${notebook.id}`}>{t(failed ? "needs.why" : "needs.whyRefused")}</ButtonLink>} />
  );
}

function keyOf(need: Need): string {
  if (need.kind === "quota") return need.line.resource;
  return need.kind === "job" ? need.job.id : `${need.kind}${need.notebook.id}`;
}

/** Idle stops, failures and limits that are about to bite; nothing when all is well. */
export function NeedsYou({ list }: { readonly list: readonly Need[] }) {
  const t = useT(overviewMessages);
  if (!list.length) return null;
  return <Card flush label={t("needs.label")}><ul>{list.map((need) => <NeedItem key={keyOf(need)} need={need} />)}</ul></Card>;
}
