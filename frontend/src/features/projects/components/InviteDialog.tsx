import { useState } from "react";
import type { Role } from "@/api";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/Button";
import { CopyOnce } from "@/ui/CopyOnce";
import { Dialog, DialogFoot } from "@/ui/Dialog";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Form, TextField } from "@/ui/Field";
import { projectsMessages } from "../i18n";
import { useInvite } from "../queries";
import { RoleField } from "./RoleField";

/** Role and note, then the link, which is shown this once. */
export function InviteDialog({ project, onClose }: { readonly project: string; readonly onClose: () => void }) {
  const t = useT(projectsMessages);
  const [role, setRole] = useState<Role>("member");
  const [note, setNote] = useState("");
  const { mutate: invite, data: made, error, isPending } = useInvite(project);
  if (made?.url) {
    return (
      <Dialog title={t("invitations.new")} onClose={onClose}>
        <CopyOnce title={t("invitations.ready")} label={t("invitations.link")} value={made.url} />
        <DialogFoot><Button kind="primary" onClick={onClose}>{t("invitations.done")}</Button></DialogFoot>
      </Dialog>
    );
  }
  return (
    <Dialog title={t("invitations.new")} onClose={onClose}>
      <Form onSubmit={() => { if (!isPending) invite({ role, note: note.trim() }); }}>
        {error && <ErrorNotice error={error} title={t("invitations.notCreated")} />}
        <RoleField label={t("invitations.role")} value={role} onChange={setRole} />
        <TextField label={t("invitations.noteLabel")} description={t("invitations.noteHint")} maxLength={200} value={note}
          autoComplete="off" onChange={(event) => setNote(event.currentTarget.value)} />
        <DialogFoot><Button type="submit" kind="primary" busy={isPending}>{t("invitations.action")}</Button></DialogFoot>
      </Form>
    </Dialog>
  );
}
