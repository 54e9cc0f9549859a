import { useState } from "react";
import { fieldError, type Role } from "@/api";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/Button";
import { Dialog, DialogFoot } from "@/ui/Dialog";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Form, TextField } from "@/ui/Field";
import { toast } from "@/ui/toast";
import { projectsMessages } from "../i18n";
import { useAddMember } from "../queries";
import { RoleField } from "./RoleField";

export function AddMemberDialog({ project, onClose }: { readonly project: string; readonly onClose: () => void }) {
  const t = useT(projectsMessages);
  const [username, setUsername] = useState("");
  const [role, setRole] = useState<Role>("member");
  const [asked, setAsked] = useState(false);
  const { mutate: add, error, isPending } = useAddMember(project);
  const refused = fieldError(error, "username");
  const submit = () => {
    setAsked(true);
    if (!username.trim() || isPending) return;
    add({ username: username.trim(), role }, { onSuccess: () => { toast(t("add.done", { name: username.trim() })); onClose(); } });
  };
  return (
    <Dialog title={t("add.title")} onClose={onClose}>
      <Form onSubmit={submit}>
        {error && !refused && <ErrorNotice error={error} title={t("add.failed")} />}
        <TextField label={t("add.username")} description={t("add.usernameHint")} value={username} autoFocus data-autofocus
          autoCapitalize="none" autoComplete="off" spellCheck={false}
          error={refused ?? (asked && !username.trim() ? t("add.needName") : undefined)} onChange={(event) => setUsername(event.currentTarget.value)} />
        <RoleField label={t("add.role")} value={role} onChange={setRole} />
        <DialogFoot><Button type="submit" kind="primary" busy={isPending}>{t("add.action")}</Button></DialogFoot>
      </Form>
    </Dialog>
  );
}
