import { useT } from "@/lib/i18n";
import { parseCommand, quoteWord, type Parsed } from "@/lib/shell";
import { Button } from "@/ui/Button";
import { CodeField } from "@/ui/CodeField";
import { Icon } from "@/ui/Icon";
import { jobsMessages } from "../i18n";
import styles from "./form.module.css";
import { Words } from "./Words";

const LONGEST = 32_000;

interface Props {
  readonly value: string;
  readonly onChange: (command: string) => void;
  readonly error?: string | undefined;
}

export function useCommandProblem(parsed: Parsed): string | null {
  const t = useT(jobsMessages);
  if (parsed.open === "\\") return t("form.open.escape");
  if (parsed.open) return t("form.open.quote", { sign: parsed.open });
  return parsed.argv.length ? null : t("form.needCommand");
}

/** A command as in a terminal, and under it the words it becomes. */
export function CommandField({ value, onChange, error }: Props) {
  const t = useT(jobsMessages);
  const parsed = parseCommand(value);
  const problem = useCommandProblem(parsed);
  const { argv, signs } = parsed;
  return (
    <div>
      <CodeField label={t("form.command")} description={t("form.commandHint")} value={value} maxLength={LONGEST}
        error={error ?? (value.trim() && problem)} onChange={(event) => onChange(event.currentTarget.value)} />
      {argv.length > 0 && (
        <div className={styles.words}><span className="faint small">{t("form.words", { count: argv.length })}</span><Words argv={argv} /></div>
      )}
      {signs.length > 0 && (
        <div className={styles.signs} role="status">
          <Icon name="warn" small /><span>{t.rich("form.signs", { signs: <code key="signs">{signs.join(" ")}</code> })}</span>
          <Button small onClick={() => onChange(`sh -c ${quoteWord(value.trim())}`)}>{t("form.inShell")}</Button>
        </div>
      )}
    </div>
  );
}
