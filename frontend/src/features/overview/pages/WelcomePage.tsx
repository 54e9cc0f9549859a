import { useState } from "react";
import { useNavigate } from "react-router";
import { fieldError } from "@/api";
import { useCreateProject } from "@/api/projects";
import { useMe } from "@/api/session";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Form, FormFoot, TextAreaField, TextField } from "@/ui/Field";
import { Icon } from "@/ui/Icon";
import { PageHeader } from "@/ui/PageHeader";
import { overviewMessages } from "../i18n";

function CreateProject() {
  const t = useT(overviewMessages);
  const navigate = useNavigate();
  const { mutate, error, isPending } = useCreateProject();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [asked, setAsked] = useState(false);
  const submit = () => {
    setAsked(true);
    if (name.trim() && !isPending) mutate({ name: name.trim(), description: description.trim() }, { onSuccess: ({ slug }) => void navigate(`/p/${slug}`) });
  };
  const nameError = fieldError(error, "name") ?? fieldError(error, "slug") ?? (asked && !name.trim() ? t("welcome.needName") : undefined);
  return (
    <Form onSubmit={submit}>
      {error && !fieldError(error, "name") && !fieldError(error, "slug") && <ErrorNotice error={error} title={t("welcome.failed")} />}
      <TextField label={t("welcome.name")} description={t("welcome.nameHint")} value={name} maxLength={80} autoFocus error={nameError}
        onChange={(event) => setName(event.currentTarget.value)} />
      <TextAreaField label={t("welcome.description")} description={t("welcome.descriptionHint")} value={description} rows={2}
        error={fieldError(error, "description")} onChange={(event) => setDescription(event.currentTarget.value)} />
      <FormFoot><Button type="submit" kind="primary" busy={isPending}>{t("welcome.create")}</Button></FormFoot>
    </Form>
  );
}

function Steps() {
  const t = useT(overviewMessages);
  const steps = [["notebook", t("welcome.step1")], ["people", t("welcome.step2")], ["stop", t("welcome.step3")]] as const;
  return (
    <Card title={t("welcome.steps")}>
      <ol className="col g12">{steps.map(([icon, text]) => <li key={icon} className="row" style={{ alignItems: "flex-start" }}><Icon name={icon} style={{ marginTop: 2, color: "var(--accent)" }} /><span>{text}</span></li>)}</ol>
    </Card>
  );
}

/** The first visit, or somebody without a project. */
export default function WelcomePage() {
  const t = useT(overviewMessages);
  const me = useMe();
  return (
    <>
      <PageHeader title={t("welcome.title")} />
      {me.permissions.create_project ? (
        <div className="columns" style={{ maxWidth: 900 }}>
          <div className="stack"><p className="muted">{t("welcome.text")}</p><Card title={t("welcome.create")}><CreateProject /></Card></div>
          <Steps />
        </div>
      ) : (
        <Card label={t("welcome.title")}><EmptyState icon="people" title={t("welcome.ask")} /></Card>
      )}
    </>
  );
}
