import { useId, type ComponentProps } from "react";
import styles from "./CodeField.module.css";
import { cx } from "./cx";
import { described, Frame, type Look } from "./TextField";
import text from "./TextField.module.css";

type Props = Look & Omit<ComponentProps<"textarea">, "rows">;

const FEWEST = 2;
const MOST = 14;

/** Text in fixed-width letters that grows with what is typed: a command, a snippet. */
export function CodeField({ label, description, error, className, value = "", ...rest }: Props) {
  const id = useId();
  const rows = Math.min(MOST, Math.max(FEWEST, String(value).split("\n").length));
  return (
    <Frame id={id} label={label} description={description} error={error}>
      <textarea spellCheck={false} autoComplete="off" autoCapitalize="off" {...rest} value={value} id={id} rows={rows}
        className={cx(text.input, styles.code, className)} {...described(id, { label, description, error })} />
    </Frame>
  );
}
