import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { fieldError, type Versioned } from "@/api";
import { useEdit } from "@/api/edit";
import { useT } from "@/lib/i18n";
import { toast } from "@/ui/toast";
import { badPackageLine, type Problems } from "../drafts";
import { catalogMessages } from "../i18n";
import { catalogKeys, useCatalogChanged } from "../queries";

interface Options<T, D> {
  readonly family: "environments" | "profiles";
  readonly start: Versioned<T>;
  readonly isNew: boolean;
  readonly draftOf: (value: T) => D;
  readonly problemsOf: (draft: D, isNew: boolean) => Problems;
  readonly save: (draft: D, base: Versioned<T>) => Promise<Versioned<T>>;
}

// Where the portal's name of a field is not the form's.
const PORTAL_FIELDS: Readonly<Record<string, readonly string[]>> = {
  cores: ["resources.cpu_millicores", "cpu_millicores"],
  memory: ["resources.memory_bytes", "memory_bytes"],
  shared: ["shared_memory_bytes"],
  executors: ["spark_executors"],
};

/** One entry of the catalog in a form: what is wrong stands beside its field, then it is saved. */
export function useCatalogForm<T extends { id: string; name: string }, D extends object>(options: Options<T, D>) {
  const { family, start, isNew, draftOf, problemsOf, save } = options;
  const t = useT(catalogMessages);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const changed = useCatalogChanged(family);
  const [asked, setAsked] = useState(false);
  const edit = useEdit<T, D>({
    start, draftOf, save,
    onSaved: (saved) => {
      queries.setQueryData(catalogKeys[family].one(saved.value.id), saved);
      void changed();
      toast(t(isNew ? "form.created" : "form.saved", { name: saved.value.name }));
      if (isNew) void navigate(`/admin/${family}/${saved.value.id}`, { replace: true });
    },
  });
  const problems = problemsOf(edit.draft, isNew);
  const sentence = (field: string): string | undefined => {
    const problem = problems[field];
    if (!problem) return undefined;
    return problem === "badPackages" ? t("form.badPackages", { line: badPackageLine((edit.draft as { packages?: string }).packages ?? "") ?? 1 }) : t(`form.${problem}`);
  };
  const problem = (field: string): string | undefined => {
    const refused = [field, ...(PORTAL_FIELDS[field] ?? [])].map((name) => fieldError(edit.error, name)).find(Boolean);
    return refused ?? (asked ? sentence(field) : undefined);
  };
  const fields = [...Object.keys(edit.draft), ...Object.values(PORTAL_FIELDS).flat()];
  const error = fields.some((field) => fieldError(edit.error, field)) ? null : edit.error;
  const submit = () => {
    setAsked(true);
    if (Object.keys(problems).length === 0) edit.submit();
  };
  return { ...edit, error, problem, submit };
}
