import { useState } from "react";
import { fieldError } from "@/api";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/Button";
import { CopyOnce } from "@/ui/CopyOnce";
import { Dialog, DialogFoot } from "@/ui/Dialog";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Form, TextField } from "@/ui/Field";
import { usersMessages } from "../i18n";
import { useCreateUser, type NewUser } from "../queries";
import { RoleChoice } from "./RoleChoice";

const EMPTY: NewUser = { username: "", display_name: "", email: "", platform_role: "" };

function Made({ name, url, onClose }: { readonly name: string; readonly url: string; readonly onClose: () => void }) {
  const t = useT(usersMessages);
  return (
    <Dialog title={t("new")} onClose={onClose}>
      <CopyOnce title={t("new.ready", { name })} label={t("new.link")} value={url} />
      <p className="faint small" style={{ marginTop: 8 }}>{t("new.hand")}</p>
      <DialogFoot><Button kind="primary" onClick={onClose}>{t("new.done")}</Button></DialogFoot>
    </Dialog>
  );
}

/** Name and role, then the link with which the new user chooses a password. */
export function NewUserDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useT(usersMessages);
  const [draft, setDraft] = useState(EMPTY);
  const [asked, setAsked] = useState(false);
  const { mutate: create, data: made, error, isPending } = useCreateUser();
  if (made?.reset_url) return <Made name={made.display_name} url={made.reset_url} onClose={onClose} />;
  const set = (changes: Partial<NewUser>) => setDraft((before) => ({ ...before, ...changes }));
  const missing = (value: string) => (asked && !value.trim() ? t("new.needed") : undefined);
  const refused = (["username", "display_name", "email"] as const).map((field) => fieldError(error, field));
  const submit = () => {
    setAsked(true);
    if (!draft.username.trim() || !draft.display_name.trim() || isPending) return;
    create({ ...draft, username: draft.username.trim(), display_name: draft.display_name.trim(), email: draft.email.trim() });
  };
  return (
    <Dialog title={t("new")} onClose={onClose}>
      <Form onSubmit={submit}>
        {error && !refused.some(Boolean) && <ErrorNotice error={error} title={t("new.failed")} />}
        <TextField label={t("new.username")} description={t("new.usernameHint")} value={draft.username} maxLength={30} autoFocus data-autofocus
          autoCapitalize="none" autoComplete="off" spellCheck={false} error={refused[0] ?? missing(draft.username)} onChange={(event) => set({ username: event.currentTarget.value })} />
        <TextField label={t("new.display")} value={draft.display_name} maxLength={80} autoComplete="off" error={refused[1] ?? missing(draft.display_name)}
          onChange={(event) => set({ display_name: event.currentTarget.value })} />
        <TextField label={t("email")} description={t("new.emailHint")} type="email" value={draft.email} autoComplete="off" error={refused[2]}
          onChange={(event) => set({ email: event.currentTarget.value })} />
        <RoleChoice value={draft.platform_role} onChange={(role) => set({ platform_role: role })} />
        <DialogFoot><Button type="submit" kind="primary" busy={isPending}>{t("new.action")}</Button></DialogFoot>
      </Form>
    </Dialog>
  );
}
