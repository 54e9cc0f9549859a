import type { ProfileKind } from "@/api";
import { useT } from "@/lib/i18n";
import { Button, IconButton } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { FieldPair, SelectField, TextField } from "@/ui/Field";
import type { AcceleratorDraft, ProfileDraft } from "../drafts";
import { catalogMessages } from "../i18n";
import styles from "./catalog.module.css";
import type { PartProps } from "./CommonCards";

const KINDS = ["cpu", "gpu", "spark"] as const;

function Accelerators({ draft, problem, set }: PartProps<ProfileDraft>) {
  const t = useT(catalogMessages);
  const put = (index: number, changes: Partial<AcceleratorDraft>) =>
    set({ accelerators: draft.accelerators.map((one, at) => (at === index ? { ...one, ...changes } : one)) });
  return (
    <fieldset className={styles.set}>
      <legend>{t("form.accelerators")}</legend>
      {draft.accelerators.map((one, index) => (
        <div key={index} className={styles.accelerator}>
          <TextField label={t("form.acceleratorKind")} placeholder="nvidia.com/gpu" spellCheck={false} autoComplete="off" value={one.kind} error={problem(`accelerators.${index}.kind`)}
            onChange={(event) => put(index, { kind: event.currentTarget.value })} />
          <TextField label={t("form.acceleratorCount")} inputMode="numeric" value={one.count} error={problem(`accelerators.${index}.count`)}
            onChange={(event) => put(index, { count: event.currentTarget.value })} />
          <IconButton icon="trash" label={t("form.removeAccelerator", { kind: one.kind || "–" })} onClick={() => set({ accelerators: draft.accelerators.filter((_, at) => at !== index) })} />
        </div>
      ))}
      <div><Button small icon="plus" onClick={() => set({ accelerators: [...draft.accelerators, { kind: "", count: "1" }] })}>{t("form.addAccelerator")}</Button></div>
    </fieldset>
  );
}

function Executors({ draft, problem, set }: PartProps<ProfileDraft>) {
  const t = useT(catalogMessages);
  return (
    <fieldset className={styles.set}>
      <legend>{t("form.spark")}</legend>
      <div className={styles.three}>
        <TextField label={t("form.executors")} inputMode="numeric" value={draft.executors} error={problem("executors")} onChange={(event) => set({ executors: event.currentTarget.value })} />
        <TextField label={t("form.executorCores")} inputMode="decimal" value={draft.executorCores} error={problem("executorCores")} onChange={(event) => set({ executorCores: event.currentTarget.value })} />
        <TextField label={t("form.executorMemory")} inputMode="decimal" value={draft.executorMemory} error={problem("executorMemory")} onChange={(event) => set({ executorMemory: event.currentTarget.value })} />
      </div>
    </fieldset>
  );
}

export function HardwareCard(props: PartProps<ProfileDraft>) {
  const t = useT(catalogMessages);
  const { draft, problem, set } = props;
  return (
    <Card title={t("form.hardware")}>
      <div className="stack">
        <FieldPair>
          <SelectField label={t("form.kind")} value={draft.kind_label} data={KINDS.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
            onChange={(event) => set({ kind_label: event.currentTarget.value as ProfileKind })} />
          <TextField label={t("form.sharedMemory")} description={t("form.sharedHint")} inputMode="decimal" value={draft.shared} error={problem("shared")}
            onChange={(event) => set({ shared: event.currentTarget.value })} />
        </FieldPair>
        <FieldPair>
          <TextField label={t("form.cores")} inputMode="decimal" value={draft.cores} error={problem("cores")} onChange={(event) => set({ cores: event.currentTarget.value })} />
          <TextField label={t("form.memory")} inputMode="decimal" value={draft.memory} error={problem("memory")} onChange={(event) => set({ memory: event.currentTarget.value })} />
        </FieldPair>
        <Accelerators {...props} />
        {draft.kind_label === "spark" && <Executors {...props} />}
      </div>
    </Card>
  );
}
