import { useParams } from "react-router";
import type { Profile, Versioned } from "@/api";
import { useT } from "@/lib/i18n";
import { Card } from "@/ui/Card";
import { Loaded } from "@/ui/Loaded";
import styles from "../components/catalog.module.css";
import { GeneralCard, UseCard } from "../components/CommonCards";
import { differencesOf, EditFrame } from "../components/EditFrame";
import { HardwareCard } from "../components/HardwareCard";
import { ProfileCard } from "../components/ProfileCard";
import { useCatalogForm } from "../components/useCatalogForm";
import { emptyProfile, profileBody, profileDraft, profileProblems } from "../drafts";
import { catalogMessages } from "../i18n";
import { createProfile, saveProfile, useProfile } from "../queries";

const NONE: Versioned<Profile> = { value: { ...profileBody(emptyProfile), id: "", unavailable_reason: null }, etag: "" };

function useWords() {
  const t = useT(catalogMessages);
  return {
    name: t("form.name"), description: t("form.description"), kind_label: t("form.kind"), cores: t("form.cores"), memory: t("form.memory"), shared: t("form.sharedMemory"),
    accelerators: t("form.accelerators"), executors: t("form.executors"), executorCores: t("form.executorCores"), executorMemory: t("form.executorMemory"),
    enabled: t("form.enabled"), all_projects: t("form.all"), projects: t("form.some"), ordering: t("form.ordering"),
  };
}

function ProfileForm({ start }: { readonly start: Versioned<Profile> }) {
  const t = useT(catalogMessages);
  const words = useWords();
  const isNew = start.value.id === "";
  const edit = useCatalogForm({
    family: "profiles", start, isNew, draftOf: profileDraft, problemsOf: profileProblems,
    save: (draft, base) => (isNew ? createProfile(profileBody(draft)) : saveProfile(base.value.id, profileBody(draft), base.etag)),
  });
  const part = { draft: edit.draft, isNew, problem: edit.problem, set: edit.set };
  // Whether the engine can serve it is known of what is saved, not of what is being typed.
  const preview = { ...profileBody(edit.draft), unavailable_reason: edit.base.unavailable_reason };
  return (
    <EditFrame family="profiles" entry={isNew ? null : { ...start.value, etag: start.etag }} edit={edit}
      differences={edit.clash ? differencesOf(edit.draft, profileDraft(edit.clash), words) : []}>
      <div className="columns">
        <div className="stack"><GeneralCard {...part} /><HardwareCard {...part} /></div>
        <div className={`stack ${styles.sticky}`}>
          <Card title={t("form.preview")} note={t("form.previewNote")}><ProfileCard profile={preview} fit={!isNew && !edit.dirty} /></Card>
          <UseCard {...part} />
        </div>
      </div>
    </EditFrame>
  );
}

export default function EditProfilePage() {
  const t = useT(catalogMessages);
  const { id = "new" } = useParams();
  const query = useProfile(id, id !== "new");
  if (id === "new") return <ProfileForm start={NONE} />;
  return <Loaded query={query} failed={t("failed.one")}>{(start) => <ProfileForm key={id} start={start} />}</Loaded>;
}
