import { useState } from "react";
import { useSearchParams } from "react-router";
import type { Environment, Profile } from "@/api";
import { lastChoice, pick, type Chosen } from "@/parts/launch/choice";
import { useTyped } from "@/ui/useTyped";

export interface NotebookDraft extends Chosen { readonly name: string }

/**
 * The draft lives in the address, so that it survives a reload and can be sent to somebody;
 * what it leaves open is what was chosen last time.
 */
export function useDraft(project: string, environments: readonly Environment[] | undefined, profiles: readonly Profile[] | undefined) {
  const [search, setSearch] = useSearchParams();
  const [last] = useState(() => lastChoice("notebook", project));
  const keep = (changes: Partial<NotebookDraft>): void => {
    setSearch((current) => {
      const next = new URLSearchParams(current);
      for (const [name, value] of Object.entries(changes)) {
        if (value) next.set(name, value);
        else next.delete(name);
      }
      return next;
    }, { replace: true });
  };
  const [name, typeName] = useTyped(search.get("name") ?? "", (text) => keep({ name: text }));
  const draft: NotebookDraft = {
    name,
    environment: pick(environments, search.get("environment"), last.environment),
    profile: pick(profiles, search.get("profile"), last.profile),
  };
  const change = ({ name: typed, ...chosen }: Partial<NotebookDraft>): void => {
    if (typed !== undefined) typeName(typed);
    if (Object.keys(chosen).length) keep(chosen);
  };
  return { draft, change };
}
