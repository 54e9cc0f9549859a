import { useState } from "react";
import type { Notebook } from "@/api";
import { useT } from "@/lib/i18n";
import { isLive } from "@/lib/status";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Icon, type IconName } from "@/ui/Icon";
import { notebooksMessages } from "../i18n";
import { Dialogs, type Asked } from "./Dialogs";
import { useActions } from "./useActions";
import styles from "./Why.module.css";

interface Option { readonly icon: IconName; readonly title: string; readonly text: string; readonly button: string; readonly onPress: () => void }

function useOptions(notebook: Notebook, ask: (asked: Asked) => void): Option[] {
  const t = useT(notebooksMessages);
  const { start, cancel, keep } = useActions(notebook);
  const { status } = notebook;
  if (status === "queued" || status === "starting") {
    return [{ icon: "x", title: t("can.cancel"), text: t("can.cancelText"), button: t("can.cancelButton"), onPress: cancel }];
  }
  if (status === "running") {
    return notebook.idle_stop_at ? [{ icon: "clock", title: t("can.keep"), text: t("can.keepText"), button: t("keep"), onPress: keep }] : [];
  }
  if (isLive(status)) return [];
  return [
    { icon: "play", title: t("can.start"), text: t("can.startText"), button: t("start"), onPress: () => start() },
    { icon: "cpu", title: t("can.startWith"), text: t("can.startWithText"), button: t("can.choose"), onPress: () => ask("resources") },
    ...(status === "failed" ? [
      { icon: "flask", title: t("can.rescue"), text: t("can.rescueText"), button: t("start"), onPress: () => start({ rescue: true }) },
      { icon: "box", title: t("can.reset"), text: t("can.resetText"), button: t("reset.action"), onPress: () => ask("reset") },
    ] as const : []),
  ];
}

/** One press for each thing that helps now. Only its owner is offered them. */
export function Options({ notebook }: { readonly notebook: Notebook }) {
  const t = useT(notebooksMessages);
  const [asked, setAsked] = useState<Asked | null>(null);
  const options = useOptions(notebook, setAsked);
  if (!options.length) return null;
  return (
    <Card title={t("page.whatYouCan")} flush>
      {options.map(({ icon, title, text, button, onPress }) => (
        <div key={title} className={styles.option}>
          <Icon name={icon} />
          <span className="grow">{title}<span className="faint small" style={{ display: "block" }}>{text}</span></span>
          <Button small aria-label={`${button}: ${title}`} onClick={onPress}>{button}</Button>
        </div>
      ))}
      {asked && <Dialogs notebook={notebook} asked={asked} onClose={() => setAsked(null)} />}
    </Card>
  );
}
