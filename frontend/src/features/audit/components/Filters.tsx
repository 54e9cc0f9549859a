import { useProjects } from "@/api/projects";
import { useT } from "@/lib/i18n";
import { ChoiceFilter, FilterBar, useFilter } from "@/ui/FilterBar";
import { auditMessages } from "../i18n";
import { FILTERS } from "../queries";
import styles from "./audit.module.css";

const TYPES = [
  "user", "project", "membership", "invitation", "environment", "profile", "line", "workload", "notebookserver", "apitoken", "browsersession",
] as const;

/** Exact words, sent when one stops typing: Enter or leaving the field. */
function TextFilter({ label, param }: { readonly label: string; readonly param: string }) {
  const [value, set] = useFilter(param);
  return (
    <input key={value} className={styles.text} aria-label={label} placeholder={label} defaultValue={value} spellCheck={false} autoCapitalize="none"
      data-filter={param === "actor" || undefined}
      onKeyDown={(event) => { if (event.key === "Enter") set(event.currentTarget.value.trim()); }}
      onBlur={(event) => { if (event.currentTarget.value.trim() !== value) set(event.currentTarget.value.trim()); }} />
  );
}

function DayFilter({ label, param }: { readonly label: string; readonly param: string }) {
  const [value, set] = useFilter(param);
  return <label className={styles.day}>{label}<input type="date" value={value} onChange={(event) => set(event.target.value)} /></label>;
}

export function Filters() {
  const t = useT(auditMessages);
  const { data } = useProjects({}, { limit: 200 });
  return (
    <FilterBar params={FILTERS}>
      <TextFilter label={t("filter.actor")} param="actor" />
      <TextFilter label={t("filter.verb")} param="verb" />
      <ChoiceFilter label={t("filter.type")} param="object_type" options={TYPES.map((value) => ({ value, label: t(`type.${value}`) }))} />
      <ChoiceFilter label={t("filter.project")} param="project" options={(data?.results ?? []).map(({ id, name }) => ({ value: id, label: name }))} />
      <DayFilter label={t("filter.since")} param="since" />
      <DayFilter label={t("filter.until")} param="until" />
    </FilterBar>
  );
}
