import { useT } from "@/lib/i18n";
import { Card } from "@/ui/Card";
import { FieldPair, SwitchField, TextAreaField, TextField } from "@/ui/Field";
import type { EnvironmentDraft, ProfileDraft } from "../drafts";
import { catalogMessages } from "../i18n";
import { ProjectChoice } from "./ProjectChoice";

type Common = Pick<EnvironmentDraft | ProfileDraft, "slug" | "name" | "description" | "enabled" | "all_projects" | "projects" | "ordering">;

export interface PartProps<D> {
  readonly draft: D;
  readonly isNew: boolean;
  readonly problem: (field: string) => string | undefined;
  readonly set: (changes: Partial<D>) => void;
}

export function GeneralCard({ draft, isNew, problem, set }: PartProps<Common>) {
  const t = useT(catalogMessages);
  return (
    <Card title={t("form.general")}>
      <div className="stack">
        <FieldPair>
          <TextField label={t("form.name")} value={draft.name} maxLength={80} autoComplete="off" autoFocus={isNew} error={problem("name")}
            onChange={(event) => set({ name: event.currentTarget.value })} />
          <TextField label={t("form.slug")} description={t("form.slugHint")} value={draft.slug} maxLength={30} readOnly={!isNew} autoComplete="off" spellCheck={false}
            error={problem("slug")} onChange={(event) => set({ slug: event.currentTarget.value })} />
        </FieldPair>
        <TextAreaField label={t("form.description")} rows={2} value={draft.description} maxLength={2000} error={problem("description")}
          onChange={(event) => set({ description: event.currentTarget.value })} />
      </div>
    </Card>
  );
}

export function UseCard({ draft, problem, set }: PartProps<Common>) {
  const t = useT(catalogMessages);
  return (
    <Card title={t("form.use")}>
      <div className="stack">
        <SwitchField label={t("form.enabled")} description={t("form.enabledHint")} checked={draft.enabled} onChange={(event) => set({ enabled: event.currentTarget.checked })} />
        <ProjectChoice value={draft} onChange={set} />
        <TextField label={t("form.ordering")} description={t("form.orderingHint")} inputMode="numeric" value={draft.ordering} style={{ maxWidth: 220 }}
          error={problem("ordering")} onChange={(event) => set({ ordering: event.currentTarget.value })} />
      </div>
    </Card>
  );
}
