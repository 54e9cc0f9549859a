import { useState } from "react";
import type { Workload } from "@/api";
import { useT } from "@/lib/i18n";
import { IconButton } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { Menu } from "@/ui/Menu";
import { toast } from "@/ui/toast";
import { liveMessages } from "../i18n";
import { useForceSettle, useStop } from "../queries";

interface AskProps { readonly workload: Workload; readonly onClose: () => void }

function StopDialog({ workload, onClose }: AskProps) {
  const t = useT(liveMessages);
  const { mutate: stop, error, isPending } = useStop();
  const { id, name, owner } = workload;
  const done = () => {
    onClose();
    toast(t("stopped", { name }));
  };
  return (
    <ConfirmDialog title={t("stop.title", { name, owner })} action={t("stop", { name })} busy={isPending} error={error} onClose={onClose}
      onConfirm={() => stop(id, { onSuccess: done })}>
      {t("stop.text")}
    </ConfirmDialog>
  );
}

function SettleDialog({ workload, onClose }: AskProps) {
  const t = useT(liveMessages);
  const { mutate: settle, error, isPending } = useForceSettle();
  const { id, name } = workload;
  const done = () => {
    onClose();
    toast(t("settled", { name }));
  };
  return (
    <ConfirmDialog title={t("settle.title", { name })} action={t("settle.action", { name })} typeName={name} busy={isPending} error={error} onClose={onClose}
      onConfirm={() => settle(id, { onSuccess: done })}>
      {t("settle.text")}
    </ConfirmDialog>
  );
}

export function Acts({ workload, reason }: { readonly workload: Workload; readonly reason: string | null }) {
  const t = useT(liveMessages);
  const [asking, setAsking] = useState<"stop" | "settle" | null>(null);
  const label = t("menu", { name: workload.name });
  return (
    <>
      <Menu label={label} align="right" trigger={<IconButton small icon="dots" label={label} />} entries={[
        { key: "stop", icon: "stop", label: t("stop", { name: workload.name }), disabledReason: reason, onSelect: () => setAsking("stop") },
        { key: "settle", icon: "crossRing", danger: true, label: t("settle"), hint: t("settle.hint"), disabledReason: reason, onSelect: () => setAsking("settle") },
      ]} />
      {asking === "stop" && <StopDialog workload={workload} onClose={() => setAsking(null)} />}
      {asking === "settle" && <SettleDialog workload={workload} onClose={() => setAsking(null)} />}
    </>
  );
}
