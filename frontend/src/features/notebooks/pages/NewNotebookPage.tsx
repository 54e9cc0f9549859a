import { useNavigate, useParams } from "react-router";
import { fieldError, type Environment } from "@/api";
import { useMyProject, useProjectQuota } from "@/api/projects";
import { useConfig } from "@/api/session";
import { useLocalized, useT } from "@/lib/i18n";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { useCrumb } from "@/ui/crumbs";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { FieldPair, Form, SelectField, TextField } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { PageHeader } from "@/ui/PageHeader";
import { SkeletonLines } from "@/ui/Skeleton";
import { Time } from "@/ui/Time";
import { FitPanel } from "../components/FitPanel";
import { ResourcesPicker } from "../components/ResourcesPicker";
import { rememberChoice, useDraft, useRested } from "../components/useDraft";
import { notebooksMessages } from "../i18n";
import { useCheck, useCreateNotebook, useEnvironments, useProfiles } from "../queries";
import styles from "./NewNotebookPage.module.css";

const CHECK_AFTER_MS = 300;

function Packages({ environment }: { readonly environment: Environment | undefined }) {
  const t = useT(notebooksMessages);
  if (!environment?.packages.length) return null;
  return (
    <details className={styles.packages}>
      <summary>{t("form.packages", { name: environment.name })}</summary>
      <ul>{environment.packages.map(({ name, version }) => <li key={name}>{name} {version}</li>)}</ul>
    </details>
  );
}

function useForm(project: string) {
  const environments = useEnvironments(project);
  const profiles = useProfiles(project);
  const quota = useProjectQuota(project);
  const { draft, change } = useDraft(project, environments.data, profiles.data);
  const wish = draft.environment && draft.profile ? { project, environment: draft.environment, profile: draft.profile } : null;
  const rested = useRested(wish, CHECK_AFTER_MS);
  const check = useCheck(rested);
  const old = check.isPlaceholderData || JSON.stringify(wish) !== JSON.stringify(rested);
  return { environments, profiles, quota: quota.data ?? [], quotaAt: quota.dataUpdatedAt, draft, change, wish, check, old };
}

type FormState = ReturnType<typeof useForm>;

function useSubmit(project: string, { draft, wish }: FormState) {
  const navigate = useNavigate();
  const create = useCreateNotebook();
  const submit = () => {
    if (!wish || create.isPending) return;
    rememberChoice(project, draft);
    const name = draft.name.trim();
    create.mutate({ ...wish, ...(name ? { name } : {}), start: true }, { onSuccess: () => void navigate(`/p/${project}/notebooks`) });
  };
  return { create, submit };
}

interface PartProps { readonly form: FormState; readonly error: Error | null }

function What({ form, error }: PartProps) {
  const t = useT(notebooksMessages);
  const { environments, draft, change } = form;
  const chosen = environments.data?.find(({ id }) => id === draft.environment);
  if (environments.error) return <ErrorNotice error={environments.error} title={t("form.catalogFailed")} onRetry={() => void environments.refetch()} />;
  if (!environments.data) return <SkeletonLines />;
  if (!environments.data.length) return <EmptyState icon="box" title={t("form.noEnvironment")} />;
  return (
    <>
      <FieldPair>
        <TextField label={t("form.name")} description={t("form.nameHint")} value={draft.name} maxLength={80} autoComplete="off" spellCheck={false}
          error={fieldError(error, "name")} onChange={(event) => change({ name: event.currentTarget.value })} />
        <SelectField label={t("form.environment")} description={chosen?.unavailable_reason?.text ?? chosen?.description} value={draft.environment}
          error={fieldError(error, "environment")} onChange={(event) => change({ environment: event.currentTarget.value })}
          data={environments.data.map(({ id, name }) => ({ value: id, label: name }))} />
      </FieldPair>
      <Packages environment={chosen} />
    </>
  );
}

function ResourcesCard({ form }: { readonly form: FormState }) {
  const t = useT(notebooksMessages);
  const { profiles, quota, quotaAt, draft, change } = form;
  const age = quotaAt ? t.rich("form.freeAge", { time: <Time value={new Date(quotaAt)} relative /> }) : null;
  return (
    <Card title={t("form.resources")} aside={<span className="faint small">{age}</span>}>
      {profiles.error && <ErrorNotice error={profiles.error} title={t("form.catalogFailed")} onRetry={() => void profiles.refetch()} />}
      {profiles.isPending && <SkeletonLines lines={4} />}
      {profiles.data?.length === 0 && <EmptyState icon="cpu" title={t("form.none")} />}
      {profiles.data && <ResourcesPicker legend={t("form.resources")} profiles={profiles.data} quota={quota} value={draft.profile} onChange={(profile) => change({ profile })} />}
    </Card>
  );
}

/** Why the button cannot be pressed; the same sentence as in the panel. */
function useBlocked(project: string, { wish, check, old }: FormState): string | null {
  const t = useT(notebooksMessages);
  const role = useMyProject(project)?.role;
  if (role === "viewer") return t("form.viewer");
  if (!wish) return t("fit.choose");
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
      {isolation === "none" && <div className={styles.remark}><Notice>{t("form.isolation")}</Notice></div>}
      <Form label={t("form.title")} onSubmit={() => { if (!blocked) submit(); }}>
        <div className={styles.columns}>
          <div className="stack">
            <Card title={t("form.what")}><What form={form} error={create.error} /></Card>
            <ResourcesCard form={form} />
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
