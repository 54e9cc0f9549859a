import { useParams } from "react-router";
import type { Environment, Versioned } from "@/api";
import { useT } from "@/lib/i18n";
import { Loaded } from "@/ui/Loaded";
import { GeneralCard, UseCard } from "../components/CommonCards";
import { differencesOf, EditFrame } from "../components/EditFrame";
import { SoftwareCard } from "../components/SoftwareCard";
import { useCatalogForm } from "../components/useCatalogForm";
import { emptyEnvironment, environmentBody, environmentDraft, environmentProblems } from "../drafts";
import { catalogMessages } from "../i18n";
import { createEnvironment, saveEnvironment, useEnvironment } from "../queries";

const NONE: Versioned<Environment> = { value: { ...environmentBody(emptyEnvironment), id: "", unavailable_reason: null }, etag: "" };

function useWords() {
  const t = useT(catalogMessages);
  return {
    name: t("form.name"), description: t("form.description"), image: t("form.image"), local_runtime: t("form.runtime"), packages: t("form.packages"),
    enabled: t("form.enabled"), all_projects: t("form.all"), projects: t("form.some"), ordering: t("form.ordering"),
  };
}

function EnvironmentForm({ start }: { readonly start: Versioned<Environment> }) {
  const words = useWords();
  const isNew = start.value.id === "";
  const edit = useCatalogForm({
    family: "environments", start, isNew, draftOf: environmentDraft, problemsOf: environmentProblems,
    save: (draft, base) => (isNew ? createEnvironment(environmentBody(draft)) : saveEnvironment(base.value.id, environmentBody(draft), base.etag)),
  });
  const part = { draft: edit.draft, isNew, problem: edit.problem, set: edit.set };
  return (
    <EditFrame family="environments" entry={isNew ? null : { ...start.value, etag: start.etag }} edit={edit}
      differences={edit.clash ? differencesOf(edit.draft, environmentDraft(edit.clash), words) : []}>
      <div className="columns">
        <div className="stack"><GeneralCard {...part} /><SoftwareCard {...part} /></div>
        <UseCard {...part} />
      </div>
    </EditFrame>
  );
}

export default function EditEnvironmentPage() {
  const t = useT(catalogMessages);
  const { id = "new" } = useParams();
  const query = useEnvironment(id, id !== "new");
  if (id === "new") return <EnvironmentForm start={NONE} />;
  return <Loaded query={query} failed={t("failed.one")}>{(start) => <EnvironmentForm key={id} start={start} />}</Loaded>;
}
