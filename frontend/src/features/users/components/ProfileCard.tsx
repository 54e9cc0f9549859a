import { useQueryClient } from "@tanstack/react-query";
import { fieldError, type User, type Versioned } from "@/api";
import { useEdit } from "@/api/edit";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { ConflictDialog } from "@/ui/ConflictDialog";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Form, FormFoot, TextField } from "@/ui/Field";
import { uiMessages } from "@/ui/i18n";
import { Notice } from "@/ui/Notice";
import { toast } from "@/ui/toast";
import { usersMessages } from "../i18n";
import { saveUser, userKeys, type Changes } from "../queries";
import { RoleChoice } from "./RoleChoice";

const draftOf = ({ display_name, email, platform_role }: User): Changes => ({ display_name, email, platform_role });

interface Props { readonly start: Versioned<User>; readonly reason: string | null }

function useUserEdit(start: Versioned<User>) {
  const t = useT(usersMessages);
  const queries = useQueryClient();
  return useEdit<User, Changes>({
    start, draftOf,
    save: (draft, base) => saveUser(base.value.username, draft, base.etag),
    onSaved: (saved) => {
      queries.setQueryData(userKeys.one(saved.value.username), saved);
      void queries.invalidateQueries({ queryKey: userKeys.all });
      toast(t("saved", { name: saved.value.username }));
    },
  });
}

function useDifferences(mine: Changes, theirs: User | null) {
  const t = useT(usersMessages);
  if (!theirs) return [];
  const words = { display_name: t("new.display"), email: t("email") } as const;
  const text = (["display_name", "email"] as const)
    .filter((field) => mine[field] !== theirs[field])
    .map((field) => ({ label: words[field], mine: mine[field] || "–", theirs: theirs[field] || "–" }));
  const role = { label: t("role"), mine: t(`role.${mine.platform_role}`), theirs: t(`role.${theirs.platform_role}`) };
  return mine.platform_role === theirs.platform_role ? text : [...text, role];
}

export function ProfileCard({ start, reason }: Props) {
  const t = useT(usersMessages);
  const ui = useT(uiMessages);
  const edit = useUserEdit(start);
  const differences = useDifferences(edit.draft, edit.clash);
  const { draft } = edit;
  const readOnly = reason !== null;
  const refused = (field: string) => fieldError(edit.error, field);
  const beside = ["display_name", "email", "platform_role"].some(refused);
  return (
    <Card title={t("profile")}>
      <Form onSubmit={() => { if (!readOnly) edit.submit(); }}>
        {edit.error && !beside && <ErrorNotice error={edit.error} title={t("notSaved")} />}
        <TextField label={t("new.display")} value={draft.display_name} readOnly={readOnly} maxLength={80} autoComplete="off" error={refused("display_name")}
          onChange={(event) => edit.set({ display_name: event.currentTarget.value })} />
        <TextField label={t("email")} type="email" value={draft.email} readOnly={readOnly} autoComplete="off" error={refused("email")}
          onChange={(event) => edit.set({ email: event.currentTarget.value })} />
        <RoleChoice value={draft.platform_role} readOnly={readOnly} error={refused("platform_role")} onChange={(role) => edit.set({ platform_role: role })} />
        {draft.platform_role !== edit.base.platform_role && <Notice tone="warn">{t("roleEffect", { name: edit.base.username })}</Notice>}
        <FormFoot>
          {edit.dirty && <Button kind="quiet" onClick={edit.reset}>{ui("cancel")}</Button>}
          <Button type="submit" kind="primary" busy={edit.busy} disabledReason={reason}>{ui("save")}</Button>
        </FormFoot>
      </Form>
      {edit.clash && <ConflictDialog title={t("conflict")} differences={differences} busy={edit.busy} onKeep={edit.keepMine} onTake={edit.takeTheirs} onClose={edit.putOff} />}
    </Card>
  );
}
