import { useState, type KeyboardEvent } from "react";
import { useLocation, useNavigate, useParams, useSearchParams } from "react-router";
import { fieldError } from "@/api";
import { useCheck, useEnvironments, useProfiles, type Wish } from "@/api/catalog";
import { useJob, useSubmitJob } from "@/api/jobs";
import { useMyProject } from "@/api/projects";
import { useConfig } from "@/api/session";
import { useLocalized, useT } from "@/lib/i18n";
import { parseCommand } from "@/lib/shell";
import { partsMessages } from "@/parts/i18n";
import { lastChoice, pick, rememberChoice, useRested } from "@/parts/launch/choice";
import { FitPanel } from "@/parts/launch/FitPanel";
import launch from "@/parts/launch/Launch.module.css";
import { Packages } from "@/parts/launch/Packages";
import { ResourcesCard } from "@/parts/launch/ResourcesCard";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { useCrumb } from "@/ui/crumbs";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { FieldPair, Form, SelectField, TextField } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { PageHeader } from "@/ui/PageHeader";
import { Segmented } from "@/ui/Segmented";
import { SkeletonLines } from "@/ui/Skeleton";
import { toast } from "@/ui/toast";
import { commandLine } from "../commandLine";
import { CommandField, useCommandProblem } from "../components/CommandField";
import { envOf, fromAddress, likeJob, problemsOf, storedDraft, storeDraft, type Draft } from "../components/draft";
import styles from "../components/form.module.css";
import { VariablesCard } from "../components/VariablesCard";
import { jobsMessages } from "../i18n";

const CHECK_AFTER_MS = 300;

/** The draft as typed, with what it leaves open chosen as last time. */
function useForm(project: string, first: Draft) {
  const { search } = useLocation();
  const { engine } = useConfig();
  const environments = useEnvironments(project);
  const profiles = useProfiles(project);
  const [typed, setTyped] = useState(first);
  const [last] = useState(() => lastChoice("job", project));
  const software = engine === "kubernetes" ? typed.software : "environment";
  const draft: Draft = {
    ...typed, software,
    environment: pick(environments.data, typed.environment, last.environment),
    profile: pick(profiles.data, typed.profile, last.profile),
  };
  const change = (changes: Partial<Draft>): void => {
    const next = { ...typed, ...changes };
    setTyped(next);
    storeDraft(project, search, next);
  };
  const usesImage = software === "image";
  const wish: Wish | null = draft.profile && (usesImage || draft.environment)
    ? { kind: "job", project, profile: draft.profile, ...(usesImage ? {} : { environment: draft.environment }) } : null;
  const rested = useRested(wish, CHECK_AFTER_MS);
  const check = useCheck(rested);
  const old = check.isPlaceholderData || JSON.stringify(wish) !== JSON.stringify(rested);
  return { engine, environments, profiles, draft, change, usesImage, wish, check, old, forget: () => storeDraft(project, search, null) };
}

type FormState = ReturnType<typeof useForm>;

function useSubmit(project: string, { draft, usesImage, forget }: FormState) {
  const navigate = useNavigate();
  const create = useSubmitJob();
  const submit = () => {
    if (create.isPending) return;
    rememberChoice("job", project, draft);
    const env = envOf(draft.variables);
    const name = draft.name.trim();
    create.mutate({
      project, command: [...parseCommand(draft.command).argv], profile: draft.profile,
      ...(usesImage ? { image: draft.image.trim() } : { environment: draft.environment }),
      ...(name ? { name } : {}), ...(Object.keys(env).length ? { env } : {}),
    }, {
      onSuccess: (job) => {
        forget();
        void navigate(`/p/${project}/jobs/${job.id}`);
      },
    });
  };
  return { create, submit };
}

/** The line for a terminal; names instead of ids, for people who read it. */
function useCopy(project: string, { draft, usesImage, environments, profiles }: FormState): () => void {
  const t = useT(jobsMessages);
  const slug = (list: readonly { id: string; slug: string }[] | undefined, id: string) => list?.find((entry) => entry.id === id)?.slug ?? id;
  return () => {
    const line = commandLine({
      project, profile: slug(profiles.data, draft.profile), environment: usesImage ? null : slug(environments.data, draft.environment),
      image: usesImage ? draft.image.trim() : null, env: envOf(draft.variables), name: draft.name.trim(), argv: parseCommand(draft.command).argv,
    });
    void navigator.clipboard.writeText(line).then(() => toast(t("form.copied", { command: line })));
  };
}

interface PartProps { readonly form: FormState; readonly error: Error | null }

function Software({ form, error }: PartProps) {
  const t = useT(jobsMessages);
  const words = useT(partsMessages);
  const { environments, draft, change, engine, usesImage } = form;
  const chosen = environments.data?.find(({ id }) => id === draft.environment);
  const choice = engine === "kubernetes" && (
    <span>
      <Segmented label={t("form.software")} value={draft.software} onChange={(software) => change({ software })}
        options={[{ value: "environment", label: words("choose.environment") }, { value: "image", label: t("form.image") }]} />
    </span>
  );
  if (usesImage) {
    return (
      <>
        <TextField label={t("form.image")} description={t("form.imageHint")} value={draft.image} spellCheck={false} autoComplete="off" autoCapitalize="off"
          error={fieldError(error, "image")} onChange={(event) => change({ image: event.currentTarget.value })} />
        {choice}
      </>
    );
  }
  if (environments.error) return <ErrorNotice error={environments.error} title={words("choose.failed")} onRetry={() => void environments.refetch()} />;
  if (!environments.data) return <SkeletonLines />;
  if (!environments.data.length) return <>{choice}<EmptyState icon="box" title={words("choose.noEnvironment")} /></>;
  return (
    <>
      <div>
        <SelectField label={words("choose.environment")} description={chosen?.unavailable_reason?.text ?? chosen?.description} value={draft.environment}
          error={fieldError(error, "environment")} onChange={(event) => change({ environment: event.currentTarget.value })}
          data={environments.data.map(({ id, name }) => ({ value: id, label: name }))} />
        <Packages environment={chosen} />
      </div>
      {choice}
    </>
  );
}

/** Why the button cannot be pressed; the same sentence as beside the field or in the panel. */
function useBlocked(project: string, { draft, usesImage, wish, check, old }: FormState): string | null {
  const t = useT(jobsMessages);
  const words = useT(partsMessages);
  const role = useMyProject(project)?.role;
  const command = useCommandProblem(parseCommand(draft.command));
  if (role === "viewer") return t("viewer");
  if (command) return command;
  if (usesImage && !draft.image.trim()) return t("form.needImage");
  if (!wish) return words("fit.choose");
  if (problemsOf(draft.variables).some(Boolean)) return t("form.envHasError");
  if (check.isError || old) return null;
  return check.data?.verdict === "never" ? (check.data.reason?.text ?? check.data.headline) : null;
}

const FIELDS = ["name", "command", "environment", "image"] as const;

/** Whether a refusal already stands beside a field. */
const isBeside = (error: Error | null, { variables }: Draft): boolean =>
  FIELDS.some((field) => fieldError(error, field)) || variables.some(({ name }) => fieldError(error, `env.${name}`));

function JobForm({ project, first, like }: { readonly project: string; readonly first: Draft; readonly like: string | null }) {
  const t = useT(jobsMessages);
  const form = useForm(project, first);
  const { create, submit } = useSubmit(project, form);
  const blocked = useBlocked(project, form);
  const copy = useCopy(project, form);
  const { check, old, draft, change } = form;
  const send = () => { if (!blocked) submit(); };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send();
  };
  const waits = !old && check.data?.verdict === "waits";
  const command = parseCommand(draft.command);
  return (
    <Form label={t("form.title")} onSubmit={send}>
      {/* Ctrl Enter sends from anywhere in the form, the command's lines included. */}
      {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div className={launch.columns} onKeyDown={onKey}>
        <div className="stack">
          {like && <p className="muted small">{t("form.like", { name: like })}</p>}
          <Card title={t("form.what")}>
            <div className={styles.fields}>
              <CommandField value={draft.command} error={fieldError(create.error, "command")} onChange={(value) => change({ command: value })} />
              <FieldPair>
                <TextField label={t("form.name")} description={t("form.nameHint")} value={draft.name} maxLength={80} autoComplete="off" spellCheck={false}
                  error={fieldError(create.error, "name")} onChange={(event) => change({ name: event.currentTarget.value })} />
                <div className={styles.fields}><Software form={form} error={create.error} /></div>
              </FieldPair>
            </div>
          </Card>
          <ResourcesCard project={project} kind="job" value={draft.profile} onChange={(profile) => change({ profile })} />
          <VariablesCard variables={draft.variables} error={create.error} onChange={(variables) => change({ variables })} />
        </div>
        <FitPanel check={check.data} old={old} failed={check.isError} asked={form.wish !== null} onUse={(profile) => change({ profile })}>
          {create.error && !isBeside(create.error, draft) && <ErrorNotice error={create.error} title={t("form.failed")} />}
          <Button type="submit" kind="primary" full busy={create.isPending} disabledReason={blocked} aria-keyshortcuts="Control+Enter">{t(waits ? "form.submitWait" : "form.submit")}</Button>
          <div className={styles.under}>
            {command.argv.length > 0 && !command.open ? <button type="button" className={styles.link} onClick={copy}>{t("form.copy")}</button> : <span />}
            <span className="faint small only-large">Ctrl Enter</span>
          </div>
        </FitPanel>
      </div>
    </Form>
  );
}

/** What the form begins with: this tab's draft of the address, an earlier job, or the address itself. */
function useFirst(project: string): { readonly first: Draft | null; readonly like: string | null; readonly failed: boolean } {
  const { search } = useLocation();
  const [asked] = useSearchParams();
  const id = asked.get("like") ?? "";
  const { data, error } = useJob(id);
  const [stored] = useState(() => storedDraft(project, search));
  if (stored) return { first: stored, like: data?.name ?? null, failed: false };
  if (!id || error) return { first: fromAddress(asked), like: null, failed: Boolean(error) };
  return { first: data ? likeJob(data) : null, like: data?.name ?? null, failed: false };
}

function Start({ project }: { readonly project: string }) {
  const t = useT(jobsMessages);
  const { first, like, failed } = useFirst(project);
  const { isolation } = useConfig();
  return (
    <>
      {isolation === "none" && <div className={launch.remark}><Notice>{t("form.isolation")}</Notice></div>}
      {failed && <div className={launch.remark}><Notice tone="warn" role="status">{t("form.likeFailed")}</Notice></div>}
      {first ? <JobForm project={project} first={first} like={like} /> : <SkeletonLines lines={6} />}
    </>
  );
}

export default function NewJobPage() {
  const t = useT(jobsMessages);
  const words = useLocalized();
  const { project = "" } = useParams();
  const { search } = useLocation();
  useCrumb(words({ en: "New", fr: "Nouveau" }));
  return (
    <>
      <PageHeader title={t("form.title")} />
      <Start key={project + search} project={project} />
    </>
  );
}
