import { useId, useState, type ComponentProps, type ReactNode } from "react";
import { useT } from "@/lib/i18n";
import { cx } from "./cx";
import { Icon } from "./Icon";
import { uiMessages } from "./i18n";
import styles from "./TextField.module.css";

// Text fields are the browser's own and not Mantine's: they are on the first page anybody loads,
// and Mantine's cost it 16 kB. The rarer ones in Field.tsx are Mantine's.

export interface Look {
  readonly label: ReactNode;
  readonly description?: ReactNode;
  readonly error?: ReactNode;
}

type TextFieldProps = Look & Omit<ComponentProps<"input">, "size">;

interface FrameProps extends Look {
  readonly id: string;
  readonly children: ReactNode;
}

/** Label, hint and error around a field. */
export function Frame({ id, label, description, error, children }: FrameProps) {
  return (
    <div>
      <label className={styles.label} htmlFor={id}>{label}</label>
      {children}
      {description && <p id={`${id}-hint`} className={styles.hint}>{description}</p>}
      {error && <p id={`${id}-error`} className={styles.error} role="alert">{error}</p>}
    </div>
  );
}

/** Ties the hint and the error to the input. */
export const described = (id: string, { description, error }: Look) => ({
  "aria-describedby": [description && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined,
  "aria-invalid": Boolean(error) || undefined,
});

export function TextField({ label, description, error, id: given, className, ...rest }: TextFieldProps) {
  const own = useId();
  const id = given ?? own;
  return (
    <Frame id={id} label={label} description={description} error={error}>
      <input type="text" {...rest} id={id} className={cx(styles.input, className)} {...described(id, { label, description, error })} />
    </Frame>
  );
}

/** A password with a button that shows it. */
export function PasswordField({ label, description, error, id: given, className, ...rest }: TextFieldProps) {
  const t = useT(uiMessages);
  const own = useId();
  const id = given ?? own;
  const [shown, setShown] = useState(false);
  return (
    <Frame id={id} label={label} description={description} error={error}>
      <div className={styles.field}>
        <input {...rest} type={shown ? "text" : "password"} id={id} className={cx(styles.input, styles.withButton, className)}
          {...described(id, { label, description, error })} />
        <button type="button" className={styles.button} aria-label={t(shown ? "hidePassword" : "showPassword")} aria-pressed={shown} onClick={() => setShown(!shown)}>
          <Icon name={shown ? "eyeOff" : "eye"} />
        </button>
      </div>
    </Frame>
  );
}
