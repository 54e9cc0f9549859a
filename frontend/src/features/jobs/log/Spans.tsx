import { Fragment, type ReactNode } from "react";
import { parseAnsi, type Style } from "@/lib/ansi";
import { useT } from "@/lib/i18n";
import { cx } from "@/ui/cx";
import { jobsMessages } from "../i18n";
import { LONGEST } from "./layout";
import styles from "./Log.module.css";
import type { Line } from "./text";

function look({ fg, bg, bold, dim, italic, underline, inverse }: Style): string {
  return cx(
    fg && styles[inverse ? `bg-${fg}` : `fg-${fg}`], bg && styles[inverse ? `fg-${bg}` : `bg-${bg}`],
    inverse && !fg && !bg && styles.inverse, bold && styles.bold, dim && styles.dim, italic && styles.italic, underline && styles.underline,
  );
}

/** The words looked for, marked. */
function marked(text: string, query: string): ReactNode {
  if (!query) return text;
  const parts: ReactNode[] = [];
  const [lower, needle] = [text.toLowerCase(), query.toLowerCase()];
  let from = 0;
  for (let at = lower.indexOf(needle); at >= 0; at = lower.indexOf(needle, from)) {
    parts.push(text.slice(from, at), <mark key={at} className={styles.mark}>{text.slice(at, at + needle.length)}</mark>);
    from = at + needle.length;
  }
  return [...parts, <Fragment key="end">{text.slice(from)}</Fragment>];
}

/** A line with its colours; what is too long for a browser is cut and said. */
export function Spans({ line, query }: { readonly line: Line; readonly query: string }) {
  const t = useT(jobsMessages);
  const { spans } = parseAnsi(line.text, line.start);
  const shown: ReactNode[] = [];
  let left = LONGEST;
  for (const { text, style } of spans) {
    if (left <= 0) break;
    shown.push(<span key={shown.length} className={look(style) || undefined}>{marked(text.slice(0, left), query)}</span>);
    left -= text.length;
  }
  const whole = spans.reduce((sum, { text }) => sum + text.length, 0);
  return <>{shown}{whole > LONGEST && <span className={styles.cut}> {t("log.cut", { count: whole - LONGEST })}</span>}</>;
}
