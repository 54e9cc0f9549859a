import { useNavigate, useParams } from "react-router";
import { fieldError } from "@/api";
import { useCheck, useEnvironments, useProfiles } from "@/api/catalog";
import { useMyProject } from "@/api/projects";
import { useConfig } from "@/api/session";
import { useLocalized, useT } from "@/lib/i18n";
import { rememberChoice, useRested } from "@/parts/launch/choice";
import { Packages } from "@/parts/launch/Packages";
import { ResourcesCard } from "@/parts/launch/ResourcesCard";
import { FitPanel } from "@/parts/launch/FitPanel";
import launch from "@/parts/launch/Launch.module.css";
import { partsMessages } from "@/parts/i18n";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { useCrumb } from "@/ui/crumbs";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { FieldPair, Form, SelectField, TextField } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { PageHeader } from "@/ui/PageHeader";
import { SkeletonLines } from "@/ui/Skeleton";
import { useDraft } from "../components/useDraft";
import { notebooksMessages } from "../i18n";
import { useCreateNotebook } from "../queries";

const CHECK_AFTER_MS = 300;

function useForm(project: string) {
  const environments = useEnvironments(project);
  const profiles = useProfiles(project);
  const { draft, change } = useDraft(project, environments.data, profiles.data);
  const wish = draft.environment && draft.profile ? { kind: "notebook" as const, project, environment: draft.environment, profile: draft.profile } : null;
  const rested = useRested(wish, CHECK_AFTER_MS);
  const check = useCheck(rested);
  const old = check.isPlaceholderData || JSON.stringify(wish) !== JSON.stringify(rested);
  return { environments, draft, change, wish, check, old };
}

type FormState = ReturnType<typeof useForm>;

function useSubmit(project: string, { draft, wish }: FormState) {
  const navigate = useNavigate();
  const create = useCreateNotebook();
  const submit = () => {
    if (!wish || create.isPending) return;
    rememberChoice("notebook", project, draft);
    const name = draft.name.trim();
    create.mutate({ project, environment: wish.environment, profile: wish.profile, ...(name ? { name } : {}), start: true }, { onSuccess: () => void navigate(`/p/${project}/notebooks`) });
  };
  return { create, submit };
}

interface PartProps { readonly form: FormState; readonly error: Error | null }

function What({ form, error }: PartProps) {
  const t = useT(notebooksMessages);
  const words = useT(partsMessages);
  const { environments, draft, change } = form;
  const chosen = environments.data?.find(({ id }) => id === draft.environment);
  if (environments.error) return <ErrorNotice error={environments.error} title={words("choose.failed")} onRetry={() => void environments.refetch()} />;
  if (!environments.data) return <SkeletonLines />;
  if (!environments.data.length) return <EmptyState icon="box" title={words("choose.noEnvironment")} />;
  return (
    <>
      <FieldPair>
        <TextField label={t("form.name")} description={t("form.nameHint")} value={draft.name} maxLength={80} autoComplete="off" spellCheck={false}
          error={fieldError(error, "name")} onChange={(event) => change({ name: event.currentTarget.value })} />
        <SelectField label={words("choose.environment")} description={chosen?.unavailable_reason?.text ?? chosen?.description} value={draft.environment}
          error={fieldError(error, "environment")} onChange={(event) => change({ environment: event.currentTarget.value })}
          data={environments.data.map(({ id, name }) => ({ value: id, label: name }))} />
      </FieldPair>
      <Packages environment={chosen} />
    </>
  );
}

/** Why the button cannot be pressed; the same sentence as in the panel. */
function useBlocked(project: string, { wish, check, old }: FormState): string | null {
  const t = useT(notebooksMessages);
  const words = useT(partsMessages);
  const role = useMyProject(project)?.role;
  if (role === "viewer") return t("form.viewer");
  if (!wish) return words("fit.choose");
  if (check.isError || old) return null;
  return check.data?.verdict === "never" ? (check.data.reason?.text ?? check.data.headline) : null;
}

export default function NewNotebookPage() {
  const t = useT(notebooksMessages);
  const words = useLocalized();
  const { project = "" } = useParams();
  const form = useForm(project);
  const { create, submit } = useSubmit(project, form);
  const blocked = useBlocked(project, form);
  const { check, old } = form;
  const { isolation } = useConfig();
  useCrumb(words({ en: "New", fr: "Nouveau" }));
  const waits = !old && check.data?.verdict === "waits";
  return (
    <>
      <PageHeader title={t("form.title")} />
      {isolation === "none" && <div className={launch.remark}><Notice>{t("form.isolation")}</Notice></div>}
      <Form label={t("form.title")} onSubmit={() => { if (!blocked) submit(); }}>
        <div className={launch.columns}>
          <div className="stack">
            <Card title={t("form.what")}><What form={form} error={create.error} /></Card>
            <ResourcesCard project={project} value={form.draft.profile} onChange={(profile) => form.change({ profile })} />
          </div>
          <FitPanel check={check.data} old={old} failed={check.isError} asked={form.wish !== null} onUse={(profile) => form.change({ profile })}>
            {create.error && !fieldError(create.error, "name") && <ErrorNotice error={create.error} title={t("form.failed")} />}
            <Button type="submit" kind="primary" full busy={create.isPending} disabledReason={blocked}>{t(waits ? "form.submitWait" : "form.submit")}</Button>
          </FitPanel>
        </div>
      </Form>
    </>
  );
}
