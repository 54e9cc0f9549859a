import styles from "./Segmented.module.css";
import { cx } from "./cx";

interface Props<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly label: string }[];
  readonly onChange: (value: V) => void;
}

/** One of two or three, at once in view. */
export function Segmented<V extends string>({ label, value, options, onChange }: Props<V>) {
  return (
    <div role="group" aria-label={label} className={styles.seg}>
      {options.map((option) => (
        <button key={option.value} type="button" aria-pressed={option.value === value}
          className={cx(option.value === value && styles.on)} onClick={() => onChange(option.value)}>
          {option.label}
        </button>
      ))}
    </div>
  );
}
