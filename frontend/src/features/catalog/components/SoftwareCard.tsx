import { useT } from "@/lib/i18n";
import { Card } from "@/ui/Card";
import { FieldPair, TextAreaField, TextField } from "@/ui/Field";
import type { EnvironmentDraft } from "../drafts";
import { catalogMessages } from "../i18n";
import styles from "./catalog.module.css";
import type { PartProps } from "./CommonCards";

export function SoftwareCard({ draft, problem, set }: PartProps<EnvironmentDraft>) {
  const t = useT(catalogMessages);
  return (
    <Card title={t("form.software")}>
      <div className="stack">
        <FieldPair>
          <TextField label={t("form.runtime")} description={t("form.runtimeHint")} value={draft.local_runtime} maxLength={30} spellCheck={false} autoComplete="off"
            error={problem("local_runtime")} onChange={(event) => set({ local_runtime: event.currentTarget.value })} />
          <TextField label={t("form.image")} description={t("form.imageHint")} value={draft.image} maxLength={300} spellCheck={false} autoComplete="off"
            error={problem("image")} onChange={(event) => set({ image: event.currentTarget.value })} />
        </FieldPair>
        <TextAreaField className={styles.packages} label={t("form.packages")} description={t("form.packagesHint")} rows={10} spellCheck={false} value={draft.packages}
          error={problem("packages")} onChange={(event) => set({ packages: event.currentTarget.value })} />
      </div>
    </Card>
  );
}
