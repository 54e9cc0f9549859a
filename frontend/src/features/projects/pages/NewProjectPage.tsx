import { useState } from "react";
import { useNavigate } from "react-router";
import { fieldError } from "@/api";
import { useCreateProject } from "@/api/projects";
import { useMe } from "@/api/session";
import { useT } from "@/lib/i18n";
import { Button, ButtonLink } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { useCrumb } from "@/ui/crumbs";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Form, FormFoot, TextAreaField, TextField } from "@/ui/Field";
import { uiMessages } from "@/ui/i18n";
import { PageHeader } from "@/ui/PageHeader";
import styles from "../components/projects.module.css";
import { projectsMessages } from "../i18n";
import { slugOf } from "../slug";

/** The address follows the name until somebody writes their own. */
function useDraft() {
  const [name, setName] = useState("");
  const [own, setOwn] = useState<string | null>(null);
  const [description, setDescription] = useState("");
  return { name, setName, slug: own ?? slugOf(name), setSlug: setOwn, description, setDescription };
}

export default function NewProjectPage() {
  const t = useT(projectsMessages);
  const ui = useT(uiMessages);
  const me = useMe();
  const navigate = useNavigate();
  const draft = useDraft();
  const [asked, setAsked] = useState(false);
  const { mutate: create, error, isPending } = useCreateProject();
  useCrumb(t("list.title"), t("new"));
  const refused = { name: fieldError(error, "name"), slug: fieldError(error, "slug"), description: fieldError(error, "description") };
  const beside = refused.name ?? refused.slug ?? refused.description;
  const submit = () => {
    setAsked(true);
    if (!draft.name.trim() || isPending) return;
    create({ name: draft.name.trim(), ...(draft.slug ? { slug: draft.slug } : {}), description: draft.description.trim() },
      { onSuccess: (project) => void navigate(`/p/${project.slug}`) });
  };
  return (
    <div className={styles.narrow}>
      <PageHeader title={t("new")} />
      <Card label={t("new")}>
        <Form onSubmit={submit}>
          {error && !beside && <ErrorNotice error={error} title={t("new.failed")} />}
          <TextField label={t("new.name")} value={draft.name} maxLength={80} autoComplete="off" autoFocus
            error={refused.name ?? (asked && !draft.name.trim() ? t("new.needName") : undefined)} onChange={(event) => draft.setName(event.currentTarget.value)} />
          <TextField label={t("new.slug")} description={t("new.slugHint", { slug: draft.slug || "name" })} value={draft.slug} maxLength={30} autoComplete="off"
            autoCapitalize="none" spellCheck={false} error={refused.slug} onChange={(event) => draft.setSlug(event.currentTarget.value)} />
          <TextAreaField label={t("new.description")} description={t("new.descriptionHint")} value={draft.description} maxLength={2000}
            error={refused.description} onChange={(event) => draft.setDescription(event.currentTarget.value)} />
          <FormFoot>
            <ButtonLink kind="quiet" to="/projects">{ui("cancel")}</ButtonLink>
            <Button type="submit" kind="primary" busy={isPending} disabledReason={me.permissions.create_project ? null : t("new.cannot")}>{t("new.submit")}</Button>
          </FormFoot>
        </Form>
      </Card>
    </div>
  );
}
