import { useState } from "react";
import { Navigate, useLocation, useSearchParams } from "react-router";
import { hasStatus, isApiError } from "@/api";
import { useSession, useSignIn } from "@/api/session";
import { formatDuration } from "@/lib/formatDuration";
import { useT } from "@/lib/i18n";
import { safeNext } from "@/lib/safeNext";
import { Button } from "@/ui/Button";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Form } from "@/ui/Form";
import { Notice } from "@/ui/Notice";
import { PasswordField, TextField } from "@/ui/TextField";
import { Door } from "../components/Door";
import { accountMessages } from "../i18n";

function Refusal({ error }: { readonly error: Error }) {
  const t = useT(accountMessages);
  if (hasStatus(error, 400, 401)) return <Notice tone="bad" role="alert">{t("login.wrong")}</Notice>;
  if (hasStatus(error, 429)) {
    const seconds = isApiError(error) ? error.retryAfter : null;
    const text = seconds ? t("login.throttled", { wait: formatDuration(seconds, t.language) }) : t("login.throttledSoon");
    return <Notice tone="warn" role="alert" icon="clock">{text}</Notice>;
  }
  return <ErrorNotice error={error} title={t("login.failed")} />;
}

function useFields() {
  const t = useT(accountMessages);
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [asked, setAsked] = useState(false);
  const missing = {
    username: asked && !username.trim() ? t("login.needName") : undefined,
    password: asked && !password ? t("login.needPassword") : undefined,
  };
  return { username, setUsername, password, setPassword, setAsked, missing, complete: Boolean(username.trim() && password) };
}

export default function LoginPage() {
  const t = useT(accountMessages);
  const [search] = useSearchParams();
  const came = useLocation().state as { reset?: boolean } | null;
  const { data: session } = useSession();
  const fields = useFields();
  const { mutate: signIn, error, isPending } = useSignIn();
  const next = safeNext(search.get("next"));
  if (session?.authenticated) return <Navigate replace to={next} />;
  const submit = () => {
    fields.setAsked(true);
    if (fields.complete && !isPending) signIn({ username: fields.username.trim(), password: fields.password });
  };
  return (
    <Door title={t("login.title")} lead={t("login.lead")}>
      {came?.reset && <Notice tone="ok" role="status">{t("reset.done")}</Notice>}
      {search.has("next") && !error && <Notice icon="clock">{t("login.expired")}</Notice>}
      {error && <Refusal error={error} />}
      <Form onSubmit={submit}>
        <TextField label={t("login.username")} name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} autoFocus
          required value={fields.username} error={fields.missing.username} onChange={(event) => fields.setUsername(event.currentTarget.value)} />
        <PasswordField label={t("login.password")} name="password" autoComplete="current-password" required
          value={fields.password} error={fields.missing.password} onChange={(event) => fields.setPassword(event.currentTarget.value)} />
        <Button type="submit" kind="primary" full busy={isPending}>{t("login.submit")}</Button>
      </Form>
      <p className="faint small">{t("login.forgot")}</p>
    </Door>
  );
}
