import type { Job } from "@/api";
import { useEnvironments, useProfiles } from "@/api/catalog";
import { useT } from "@/lib/i18n";
import { joinCommand } from "@/lib/shell";
import { Card } from "@/ui/Card";
import { CopyButton } from "@/ui/CopyButton";
import { commandLine } from "../commandLine";
import { jobsMessages } from "../i18n";
import styles from "./jobs.module.css";
import { Words } from "./Words";

function Variables({ env }: { readonly env: Job["env"] }) {
  const t = useT(jobsMessages);
  const rows = Object.entries(env);
  if (!rows.length) return <p className="faint">{t("spec.noEnv")}</p>;
  return (
    <table className={styles.env}>
      <thead className="sr-only"><tr><th scope="col">{t("form.envName")}</th><th scope="col">{t("form.envValue")}</th></tr></thead>
      <tbody>{rows.map(([name, value]) => <tr key={name}><th scope="row">{name}</th><td>{value}</td></tr>)}</tbody>
    </table>
  );
}

/** What was asked for, as it was asked for. */
export function Spec({ job }: { readonly job: Job }) {
  const t = useT(jobsMessages);
  return (
    <Card title={t("tab.spec")} note={t("spec.asked")}>
      <div className={styles.parts}>
        <div><h3>{t("spec.command")}</h3><pre className={styles.code}>{joinCommand(job.command)}</pre></div>
        <div><h3>{t("spec.words")}</h3><Words argv={job.command} /></div>
        <div><h3>{t("spec.env")}</h3><Variables env={job.env} /></div>
      </div>
    </Card>
  );
}

/** The same once more, as one line for a terminal. */
export function Repeat({ job }: { readonly job: Job }) {
  const t = useT(jobsMessages);
  const slug = job.project.slug;
  const profiles = useProfiles(slug);
  const environments = useEnvironments(slug);
  // Names that people can read; what has gone from the catalogue keeps its id.
  const named = (list: readonly { id: string; slug: string }[] | undefined, id: string) => list?.find((entry) => entry.id === id)?.slug ?? id;
  const image = job.environment ? null : job.image;
  const line = commandLine({
    project: slug, profile: named(profiles.data, job.profile.id), environment: job.environment ? named(environments.data, job.environment.id) : null, image,
    env: job.env, name: job.name, argv: job.command,
  });
  return (
    <Card title={t("repeat.title")} note={t("repeat.note")}>
      <div className={styles.repeat}><code>{line}</code><CopyButton value={line} /></div>
    </Card>
  );
}
