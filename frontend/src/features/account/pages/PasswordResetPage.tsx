import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { fieldError, hasStatus } from "@/api";
import { useT } from "@/lib/i18n";
import { Button, ButtonLink } from "@/ui/Button";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Form } from "@/ui/Form";
import { Notice } from "@/ui/Notice";
import { SkeletonLines } from "@/ui/Skeleton";
import { PasswordField } from "@/ui/TextField";
import { Door } from "../components/Door";
import { accountMessages } from "../i18n";
import { usePasswordReset, useSetPassword } from "../queries";

function NewPassword({ token, username }: { readonly token: string; readonly username: string }) {
  const t = useT(accountMessages);
  const navigate = useNavigate();
  const [password, setPassword] = useState("");
  const [repeated, setRepeated] = useState("");
  const [asked, setAsked] = useState(false);
  const { mutate: save, error, isPending } = useSetPassword(token);
  const differs = password !== repeated;
  const submit = () => {
    setAsked(true);
    if (password && !differs) save(password, { onSuccess: () => void navigate("/login", { state: { reset: true } }) });
  };
  const refused = fieldError(error, "new_password");
  return (
    <>
      <p className="muted">{t.rich("reset.for", { username: <b key="name" className="medium">{username}</b> })}</p>
      {error && !refused && <ErrorNotice error={error} title={t("reset.failed")} />}
      <Form onSubmit={submit}>
        <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
        <PasswordField label={t("reset.new")} description={t("reset.hint")} autoComplete="new-password" autoFocus value={password}
          error={refused} onChange={(event) => setPassword(event.currentTarget.value)} />
        <PasswordField label={t("reset.repeat")} autoComplete="new-password" value={repeated}
          error={asked && differs ? t("reset.differs") : undefined} onChange={(event) => setRepeated(event.currentTarget.value)} />
        <Button type="submit" kind="primary" full busy={isPending}>{t("reset.submit")}</Button>
      </Form>
    </>
  );
}

export default function PasswordResetPage() {
  const t = useT(accountMessages);
  const { token = "" } = useParams();
  const { data, error, isPending, refetch } = usePasswordReset(token);
  const gone = hasStatus(error, 400, 403, 404, 410);
  return (
    <Door title={t("reset.title")}>
      {isPending && <SkeletonLines />}
      {data && <NewPassword token={token} username={data.username} />}
      {gone && <Notice tone="warn" title={t("reset.gone")} actions={<ButtonLink small to="/login">{t("reset.toLogin")}</ButtonLink>}>{t("reset.goneText")}</Notice>}
      {error && !gone && <ErrorNotice error={error} onRetry={() => void refetch()} />}
    </Door>
  );
}
