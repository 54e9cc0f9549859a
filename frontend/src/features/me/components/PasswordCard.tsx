import { useState } from "react";
import { fieldError, isApiError } from "@/api";
import { useMe } from "@/api/session";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { CheckField, Form, FormFoot, PasswordField } from "@/ui/Field";
import { toast } from "@/ui/toast";
import { meMessages } from "../i18n";
import { useChangePassword } from "../queries";

const EMPTY = { current: "", next: "", repeated: "", tokens: false };

function useProblems(draft: typeof EMPTY, asked: boolean) {
  const t = useT(meMessages);
  if (!asked) return {};
  return {
    current: draft.current ? undefined : t("password.need"),
    next: draft.next ? undefined : t("password.needNew"),
    repeated: draft.next === draft.repeated ? undefined : t("password.differs"),
  };
}

export function PasswordCard() {
  const t = useT(meMessages);
  const me = useMe();
  const [draft, setDraft] = useState(EMPTY);
  const [asked, setAsked] = useState(false);
  const { mutate: change, error, isPending } = useChangePassword();
  const problems = useProblems(draft, asked);
  const set = (changes: Partial<typeof EMPTY>) => setDraft((before) => ({ ...before, ...changes }));
  // The portal names the field; a wrong password is told beside the old one in any case.
  const wrong = fieldError(error, "current_password") ?? (isApiError(error) && error.code === "WRONG_PASSWORD" ? error.message : undefined);
  const weak = fieldError(error, "new_password");
  const done = () => {
    setDraft(EMPTY);
    setAsked(false);
    toast(t("password.done"));
  };
  const submit = () => {
    setAsked(true);
    if (isPending || !draft.current || !draft.next || draft.next !== draft.repeated) return;
    change({ current_password: draft.current, new_password: draft.next, end_tokens: draft.tokens }, { onSuccess: done });
  };
  return (
    <Card title={t("password.card")}>
      <Form onSubmit={submit} label={t("password.card")}>
        {error && !wrong && !weak && <ErrorNotice error={error} title={t("password.failed")} />}
        <input type="text" name="username" autoComplete="username" value={me.username} readOnly hidden />
        <PasswordField label={t("password.current")} autoComplete="current-password" value={draft.current} error={problems.current ?? wrong}
          onChange={(event) => set({ current: event.currentTarget.value })} />
        <PasswordField label={t("password.new")} description={t("password.hint")} autoComplete="new-password" value={draft.next} error={problems.next ?? weak}
          onChange={(event) => set({ next: event.currentTarget.value })} />
        <PasswordField label={t("password.repeat")} autoComplete="new-password" value={draft.repeated} error={problems.repeated}
          onChange={(event) => set({ repeated: event.currentTarget.value })} />
        <CheckField label={t("password.tokens")} description={t("password.tokensHint")} checked={draft.tokens}
          onChange={(event) => set({ tokens: event.currentTarget.checked })} />
        <FormFoot>
          <span className="faint small grow">{t("password.effect")}</span>
          <Button type="submit" kind="primary" busy={isPending}>{t("password.submit")}</Button>
        </FormFoot>
      </Form>
    </Card>
  );
}
