import type { Environment } from "@/api";
import { useT } from "@/lib/i18n";
import { partsMessages } from "../i18n";
import styles from "./Launch.module.css";

/** What an environment brings, for those who want to know. */
export function Packages({ environment }: { readonly environment: Environment | undefined }) {
  const t = useT(partsMessages);
  if (!environment?.packages.length) return null;
  return (
    <details className={styles.packages}>
      <summary>{t("choose.packages", { name: environment.name })}</summary>
      <ul>{environment.packages.map(({ name, version }) => <li key={name}>{name} {version}</li>)}</ul>
    </details>
  );
}
