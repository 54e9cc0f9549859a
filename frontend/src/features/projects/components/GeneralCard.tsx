import { useQueryClient } from "@tanstack/react-query";
import { fieldError, type Project, type Versioned } from "@/api";
import { useEdit } from "@/api/edit";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { ConflictDialog } from "@/ui/ConflictDialog";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Form, FormFoot, TextAreaField, TextField } from "@/ui/Field";
import { uiMessages } from "@/ui/i18n";
import { toast } from "@/ui/toast";
import { projectsMessages } from "../i18n";
import { memberKeys, saveSettings, useProjectsChanged } from "../queries";

const draftOf = ({ name, description }: Project) => ({ name, description });

interface Props { readonly slug: string; readonly start: Versioned<Project>; readonly reason: string | null }

function useSettingsEdit({ slug, start }: Props) {
  const t = useT(projectsMessages);
  const queries = useQueryClient();
  const changed = useProjectsChanged();
  return useEdit({
    start, draftOf,
    save: (draft, base) => saveSettings(base.value.id, draft, base.etag),
    onSaved: (saved) => {
      queries.setQueryData(memberKeys.settings(slug), saved);
      changed();
      toast(t("settings.saved"));
    },
  });
}

export function GeneralCard(props: Props) {
  const t = useT(projectsMessages);
  const ui = useT(uiMessages);
  const edit = useSettingsEdit(props);
  const { draft, clash } = edit;
  const readOnly = props.reason !== null;
  const differences = clash && ([["name", t("new.name")], ["description", t("new.description")]] as const)
    .filter(([field]) => draft[field] !== clash[field])
    .map(([field, label]) => ({ label, mine: draft[field] || "–", theirs: clash[field] || "–" }));
  return (
    <Card title={t("settings.general")}>
      <Form onSubmit={() => { if (!readOnly) edit.submit(); }}>
        {edit.error && <ErrorNotice error={edit.error} title={t("settings.notSaved")} />}
        <TextField label={t("new.name")} value={draft.name} readOnly={readOnly} maxLength={80} error={fieldError(edit.error, "name")}
          onChange={(event) => edit.set({ name: event.currentTarget.value })} />
        <TextAreaField label={t("new.description")} description={t("new.descriptionHint")} value={draft.description} readOnly={readOnly} maxLength={2000}
          error={fieldError(edit.error, "description")} onChange={(event) => edit.set({ description: event.currentTarget.value })} />
        <FormFoot>
          {edit.dirty && <Button kind="quiet" onClick={edit.reset}>{ui("cancel")}</Button>}
          <Button type="submit" kind="primary" busy={edit.busy} disabledReason={props.reason}>{ui("save")}</Button>
        </FormFoot>
      </Form>
      {differences && (
        <ConflictDialog title={t("settings.conflict")} differences={differences} busy={edit.busy}
          onKeep={edit.keepMine} onTake={edit.takeTheirs} onClose={edit.putOff} />
      )}
    </Card>
  );
}
