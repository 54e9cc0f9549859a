import { useState } from "react";
import { fieldError, type Me } from "@/api";
import { useSaveMe } from "@/api/session";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Form, FormFoot, TextField } from "@/ui/Field";
import { uiMessages } from "@/ui/i18n";
import { toast } from "@/ui/toast";
import { meMessages } from "../i18n";

export function ProfileCard({ me }: { readonly me: Me }) {
  const t = useT(meMessages);
  const ui = useT(uiMessages);
  const [name, setName] = useState(me.display_name);
  const [email, setEmail] = useState(me.email);
  const { mutate: save, error, isPending } = useSaveMe();
  const refused = { name: fieldError(error, "display_name"), email: fieldError(error, "email") };
  const submit = () => {
    if (!isPending) save({ display_name: name.trim(), email: email.trim() }, { onSuccess: () => toast(t("profile.saved")) });
  };
  return (
    <Card title={t("profile.card")}>
      <Form onSubmit={submit}>
        {error && !refused.name && !refused.email && <ErrorNotice error={error} title={t("profile.notSaved")} />}
        <TextField label={t("profile.name")} value={name} maxLength={80} autoComplete="name" error={refused.name} onChange={(event) => setName(event.currentTarget.value)} />
        <TextField label={t("profile.email")} description={t("profile.emailHint")} type="email" value={email} autoComplete="email"
          error={refused.email} onChange={(event) => setEmail(event.currentTarget.value)} />
        <FormFoot><Button type="submit" kind="primary" busy={isPending}>{ui("save")}</Button></FormFoot>
      </Form>
    </Card>
  );
}
