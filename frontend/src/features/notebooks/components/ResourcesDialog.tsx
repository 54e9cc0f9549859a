import { useState } from "react";
import type { Notebook } from "@/api";
import { useEnvironments, useProfiles } from "@/api/catalog";
import { useProjectQuota } from "@/api/projects";
import { useT } from "@/lib/i18n";
import { isLive } from "@/lib/status";
import { partsMessages } from "@/parts/i18n";
import { ResourcesPicker } from "@/parts/launch/ResourcesPicker";
import { Button } from "@/ui/Button";
import { Dialog, DialogFoot } from "@/ui/Dialog";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Form, SelectField } from "@/ui/Field";
import { SkeletonLines } from "@/ui/Skeleton";
import { uiMessages } from "@/ui/i18n";
import { notebooksMessages } from "../i18n";
import { useActions } from "./useActions";

interface Props { readonly notebook: Notebook; readonly onClose: () => void }

function useChoices(project: string) {
  const environments = useEnvironments(project);
  const profiles = useProfiles(project);
  const quota = useProjectQuota(project);
  return { environments, profiles, quota: quota.data ?? [] };
}

/** Another profile or environment for a notebook that runs, or rests. */
export function ResourcesDialog({ notebook, onClose }: Props) {
  const t = useT(notebooksMessages);
  const ui = useT(uiMessages);
  const words = useT(partsMessages);
  const { environments, profiles, quota } = useChoices(notebook.project.slug);
  const [profile, setProfile] = useState(notebook.profile.id);
  const [environment, setEnvironment] = useState(notebook.environment.id);
  const actions = useActions(notebook);
  const live = isLive(notebook.status);
  const reason = profiles.data?.find(({ id }) => id === profile)?.unavailable_reason;
  const submit = () => {
    if (reason) return;
    if (live) actions.restart({ profile, environment });
    else actions.start({ profile, environment });
    onClose();
  };
  const error = environments.error ?? profiles.error;
  return (
    <Dialog wide title={t(live ? "restart.title" : "startWith.title", { name: notebook.name })} onClose={onClose}>
      <Form onSubmit={submit}>
        {live && <p className="muted">{t("restart.running")}</p>}
        {error && <ErrorNotice error={error} title={words("choose.failed")} />}
        {!error && !profiles.data && <SkeletonLines />}
        {profiles.data && <ResourcesPicker legend={words("choose.resources")} profiles={profiles.data} quota={live ? [] : quota} value={profile} onChange={setProfile} />}
        <SelectField label={words("choose.environment")} value={environment} onChange={(event) => setEnvironment(event.currentTarget.value)}
          data={(environments.data ?? [notebook.environment]).map(({ id, name }) => ({ value: id, label: name }))} />
        <DialogFoot>
          <Button onClick={onClose}>{ui("cancel")}</Button>
          <Button type="submit" kind="primary" disabledReason={reason?.text}>{t(live ? "restart.action" : "startWith.action", { name: notebook.name })}</Button>
        </DialogFoot>
      </Form>
    </Dialog>
  );
}
