import { useEffect, useRef } from "react";
import { fieldError } from "@/api";
import { useT } from "@/lib/i18n";
import { Button, IconButton } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { jobsMessages } from "../i18n";
import { problemsOf, type Variable } from "./draft";
import styles from "./form.module.css";

interface Props {
  readonly variables: readonly Variable[];
  readonly onChange: (variables: readonly Variable[]) => void;
  readonly error: Error | null;
}

interface RowProps {
  readonly variable: Variable;
  readonly number: number;
  readonly problem: string | undefined;
  readonly onChange: (changes: Partial<Variable>) => void;
  readonly onRemove: () => void;
}

function Row({ variable, number, problem, onChange, onRemove }: RowProps) {
  const t = useT(jobsMessages);
  const id = `env-${number}-error`;
  return (
    <div className={styles.variable}>
      <input aria-label={t("form.envNameAt", { number })} placeholder={t("form.envName")} value={variable.name} spellCheck={false} autoComplete="off" autoCapitalize="off"
        aria-invalid={Boolean(problem) || undefined} aria-describedby={problem ? id : undefined} onChange={(event) => onChange({ name: event.target.value })} />
      <span className="faint" aria-hidden="true">=</span>
      <input aria-label={t("form.envValueAt", { number })} placeholder={t("form.envValue")} value={variable.value} spellCheck={false} autoComplete="off" autoCapitalize="off"
        onChange={(event) => onChange({ value: event.target.value })} />
      <IconButton icon="x" label={t("form.envRemove", { number })} onClick={onRemove} />
      {problem && <p id={id} className={styles.problem} role="alert">{problem}</p>}
    </div>
  );
}

/** Names and values the command finds in its environment. */
export function VariablesCard({ variables, onChange, error }: Props) {
  const t = useT(jobsMessages);
  const list = useRef<HTMLDivElement>(null);
  const before = useRef(variables.length);
  const problems = problemsOf(variables);
  useEffect(() => {
    // A row just added is the next thing typed into.
    if (variables.length > before.current) list.current?.querySelector<HTMLInputElement>(`.${styles.variable}:last-of-type input`)?.focus();
    before.current = variables.length;
  }, [variables.length]);
  const change = (at: number, changes: Partial<Variable>) => onChange(variables.map((variable, index) => (index === at ? { ...variable, ...changes } : variable)));
  return (
    <Card title={t("form.env")} note={t("form.envHint")}>
      <div ref={list} className={styles.variables}>
        {variables.map((variable, index) => {
          const own = problems[index];
          return (
            <Row key={index} variable={variable} number={index + 1} onChange={(changes) => change(index, changes)}
              problem={own ? t(own) : (variable.name && fieldError(error, `env.${variable.name}`)) || undefined}
              onRemove={() => onChange(variables.filter((_, other) => other !== index))} />
          );
        })}
        <span><Button small icon="plus" onClick={() => onChange([...variables, { name: "", value: "" }])}>{t("form.envAdd")}</Button></span>
      </div>
    </Card>
  );
}
