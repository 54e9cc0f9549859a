import { useT } from "@/lib/i18n";
import { cx } from "@/ui/cx";
import { jobsMessages } from "../i18n";
import styles from "./jobs.module.css";

/** The words of a command, each for itself: what the program will get. */
export function Words({ argv }: { readonly argv: readonly string[] }) {
  const t = useT(jobsMessages);
  return (
    <ol className={styles.words} aria-label={t("form.wordsLabel")}>
      {argv.map((word, index) => <li key={`${index}${word}`} className={cx(word === "" && styles.empty)}>{word === "" ? "''" : word}</li>)}
    </ol>
  );
}
