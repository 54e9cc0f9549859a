import "@mantine/core/styles/UnstyledButton.css";
import "@mantine/core/styles/ActionIcon.css";
import "@mantine/core/styles/Input.css";
import "@mantine/core/styles/InlineInput.css";
import "@mantine/core/styles/PasswordInput.css";
import "@mantine/core/styles/Checkbox.css";
import "@mantine/core/styles/Switch.css";
import {
  Checkbox, NativeSelect, PasswordInput, Switch, Textarea, TextInput,
  type CheckboxProps, type NativeSelectProps, type PasswordInputProps, type SwitchProps, type TextareaProps, type TextInputProps,
} from "@mantine/core";
import type { FormEventHandler, ReactNode } from "react";
import { useT } from "@/lib/i18n";
import { cx } from "./cx";
import styles from "./Field.module.css";
import { uiMessages } from "./i18n";

// Label, hint and error stand in the same places everywhere; the error is tied to its input.
const shared = { label: styles.label, description: styles.description, error: styles.error };
const look = { ...shared, input: styles.input };
const order: ("label" | "input" | "description" | "error")[] = ["label", "input", "description", "error"];

export const TextField = (props: TextInputProps) => <TextInput inputWrapperOrder={order} classNames={look} {...props} />;

export function PasswordField(props: PasswordInputProps) {
  const t = useT(uiMessages);
  return (
    <PasswordInput inputWrapperOrder={order} classNames={{ ...shared, input: styles.input }}
      visibilityToggleButtonProps={{ "aria-label": t("showPassword"), tabIndex: 0 }} {...props} />
  );
}

export const TextAreaField = (props: TextareaProps) => (
  <Textarea inputWrapperOrder={order} rows={3} classNames={{ ...look, input: cx(styles.input, styles.area) }} {...props} />
);

/** The browser's own list: it is right on a phone and with a keyboard. */
export const SelectField = (props: NativeSelectProps) => <NativeSelect inputWrapperOrder={order} classNames={look} {...props} />;

export const CheckField = (props: CheckboxProps) => <Checkbox size="xs" {...props} />;

export const SwitchField = (props: SwitchProps) => <Switch size="sm" {...props} />;

interface FormProps {
  readonly onSubmit: () => void;
  readonly label?: string;
  readonly children: ReactNode;
}

/** A column of fields; Enter submits. */
export function Form({ onSubmit, label, children }: FormProps) {
  const submit: FormEventHandler = (event) => {
    event.preventDefault();
    event.stopPropagation();
    onSubmit();
  };
  return <form noValidate className={styles.form} aria-label={label} onSubmit={submit}>{children}</form>;
}

export const FieldPair = ({ children }: { readonly children: ReactNode }) => <div className={styles.pair}>{children}</div>;
export const FormFoot = ({ children }: { readonly children: ReactNode }) => <div className={styles.foot}>{children}</div>;
