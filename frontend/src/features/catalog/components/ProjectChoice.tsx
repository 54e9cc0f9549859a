import { useState } from "react";
import { useProjects } from "@/api/projects";
import { useT } from "@/lib/i18n";
import { CheckField, RadioField, TextField } from "@/ui/Field";
import { Loaded } from "@/ui/Loaded";
import { SkeletonLines } from "@/ui/Skeleton";
import { catalogMessages } from "../i18n";
import styles from "./catalog.module.css";

interface Value { readonly all_projects: boolean; readonly projects: readonly string[] }
interface Props { readonly value: Value; readonly onChange: (value: Partial<Value>) => void }

const FILTER_FROM = 9;

function Projects({ value, onChange }: Props) {
  const t = useT(catalogMessages);
  const [search, setSearch] = useState("");
  const query = useProjects({ archived: "false" }, { limit: 200 });
  const toggle = (id: string, on: boolean) =>
    onChange({ projects: on ? [...value.projects, id].sort() : value.projects.filter((other) => other !== id) });
  const wanted = search.trim().toLowerCase();
  return (
    <Loaded query={query} failed={t("form.projectsFailed")} skeleton={<SkeletonLines />}>
      {({ results }) => (
        <>
          {results.length >= FILTER_FROM && (
            <TextField label={t("form.findProject")} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
          )}
          <div className={styles.projects} role="group" aria-label={t("form.some")}>
            {results.filter(({ name, slug }) => `${name} ${slug}`.toLowerCase().includes(wanted)).map(({ id, name }) => (
              <CheckField key={id} label={name} checked={value.projects.includes(id)} onChange={(event) => toggle(id, event.currentTarget.checked)} />
            ))}
          </div>
        </>
      )}
    </Loaded>
  );
}

/** All projects, or only those that are ticked. */
export function ProjectChoice({ value, onChange }: Props) {
  const t = useT(catalogMessages);
  return (
    <fieldset className={styles.set}>
      <legend>{t("offered")}</legend>
      <RadioField name="offered" label={t("form.all")} checked={value.all_projects} onChange={() => onChange({ all_projects: true })} />
      <RadioField name="offered" label={t("form.some")} checked={!value.all_projects} onChange={() => onChange({ all_projects: false })} />
      {!value.all_projects && <Projects value={value} onChange={onChange} />}
    </fieldset>
  );
}
