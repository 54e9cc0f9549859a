import { useState } from "react";
import { fieldError, type Token } from "@/api";
import { useMe } from "@/api/session";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/Button";
import { CopyOnce } from "@/ui/CopyOnce";
import { Dialog, DialogFoot } from "@/ui/Dialog";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Form, RadioField, SelectField, TextField } from "@/ui/Field";
import { meMessages } from "../i18n";
import { useCreateToken } from "../queries";
import styles from "./me.module.css";

type Scope = Token["scopes"][number];
const DAYS = [7, 30, 90, 180, 365];

/** Each scope includes the ones before it, so one choice is enough. */
function ScopeChoice({ value, onChange }: { readonly value: Scope; readonly onChange: (scope: Scope) => void }) {
  const t = useT(meMessages);
  const me = useMe();
  const scopes: readonly Scope[] = me.permissions.platform_admin ? ["read", "write", "admin"] : ["read", "write"];
  return (
    <fieldset className={styles.scopes}>
      <legend>{t("tokens.scopes")}</legend>
      {scopes.map((scope) => (
        <RadioField key={scope} name="scope" label={t(`scope.${scope}`)} description={t(`scope.${scope}Hint`)} checked={scope === value} onChange={() => onChange(scope)} />
      ))}
    </fieldset>
  );
}

export function NewTokenDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useT(meMessages);
  const [name, setName] = useState("");
  const [scope, setScope] = useState<Scope>("read");
  const [days, setDays] = useState(90);
  const [asked, setAsked] = useState(false);
  const { mutate: create, data: made, error, isPending } = useCreateToken();
  const refused = fieldError(error, "name");
  if (made?.token) {
    return (
      <Dialog title={t("tokens.new")} onClose={onClose}>
        <CopyOnce title={t("tokens.ready", { name: made.name })} label={t("tokens.secret")} value={made.token} />
        <DialogFoot><Button kind="primary" onClick={onClose}>{t("tokens.done")}</Button></DialogFoot>
      </Dialog>
    );
  }
  const submit = () => {
    setAsked(true);
    if (name.trim() && !isPending) create({ name: name.trim(), scopes: [scope], expires_in_days: days });
  };
  return (
    <Dialog title={t("tokens.new")} onClose={onClose}>
      <Form onSubmit={submit}>
        {error && !refused && <ErrorNotice error={error} title={t("tokens.notCreated")} />}
        <TextField label={t("tokens.name")} description={t("tokens.nameHint")} value={name} maxLength={80} autoComplete="off" autoFocus data-autofocus
          error={refused ?? (asked && !name.trim() ? t("tokens.needName") : undefined)} onChange={(event) => setName(event.currentTarget.value)} />
        <ScopeChoice value={scope} onChange={setScope} />
        <SelectField label={t("tokens.expires")} value={String(days)} data={DAYS.map((count) => ({ value: String(count), label: t("tokens.days", { count }) }))}
          onChange={(event) => setDays(Number(event.currentTarget.value))} />
        <DialogFoot><Button type="submit" kind="primary" busy={isPending}>{t("tokens.action")}</Button></DialogFoot>
      </Form>
    </Dialog>
  );
}
