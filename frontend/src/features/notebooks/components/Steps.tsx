import type { Progress } from "@/api";
import { formatDuration } from "@/lib/formatDuration";
import { useT } from "@/lib/i18n";
import { cx } from "@/ui/cx";
import { Icon } from "@/ui/Icon";
import type en from "../i18n/en";
import { notebooksMessages } from "../i18n";
import styles from "./Steps.module.css";

const ICONS = { done: "tickRing", active: "ring", failed: "crossRing" } as const;

type StepKey = Extract<keyof typeof en, `step.${string}`>;
const KNOWN: ReadonlySet<string> = new Set([
  "quota", "submitted", "placed", "volume", "image", "starting", "process", "answering", "answers", "ready",
]);

/** The words of a step; one the portal learnt later shows its own name. */
export function useStepName(): (step: string) => string {
  const t = useT(notebooksMessages);
  return (step) => (KNOWN.has(step) ? t(`step.${step}` as StepKey as "step.quota") : step.charAt(0).toUpperCase() + step.slice(1));
}

/** What was done, what is being done and what is still to come, each with its real duration. */
export function Steps({ progress }: { readonly progress: readonly Progress[] }) {
  const t = useT(notebooksMessages);
  const name = useStepName();
  return (
    <ol className={styles.steps} aria-label={t("steps")}>
      {progress.map(({ step, state, seconds }) => (
        <li key={step} className={cx(styles.step, styles[state])} aria-current={state === "active" ? "step" : undefined}>
          {state === "waiting" ? <span className={styles.hollow} /> : <Icon name={ICONS[state]} />}
          <span className="grow">{name(step)}</span>
          <span className="sr-only">{t(`step.state.${state}`)}</span>
          {seconds !== null && <span className="faint small nowrap">{formatDuration(seconds, t.language)}</span>}
        </li>
      ))}
    </ol>
  );
}
