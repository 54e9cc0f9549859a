import { useState } from "react";
import type { Notebook } from "@/api";
import { useT } from "@/lib/i18n";
import { isLive } from "@/lib/status";
import { OptionList, type Option } from "@/parts/run/OptionList";
import { notebooksMessages } from "../i18n";
import { Dialogs, type Asked } from "./Dialogs";
import { useActions } from "./useActions";

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
  const [asked, setAsked] = useState<Asked | null>(null);
  return (
    <OptionList options={useOptions(notebook, setAsked)}>
      {asked && <Dialogs notebook={notebook} asked={asked} onClose={() => setAsked(null)} />}
    </OptionList>
  );
}
