import "@mantine/core/styles/UnstyledButton.css";
import "@mantine/core/styles/Input.css";
import "@mantine/core/styles/InlineInput.css";
import "@mantine/core/styles/Checkbox.css";
import "@mantine/core/styles/Radio.css";
import "@mantine/core/styles/Switch.css";
import {
  Checkbox, NativeSelect, Radio, Switch, Textarea,
  type CheckboxProps, type NativeSelectProps, type RadioProps, type SwitchProps, type TextareaProps,
} from "@mantine/core";
import { cx } from "./cx";
import styles from "./Field.module.css";

export { FieldPair, Form, FormFoot } from "./Form";
export { PasswordField, TextField } from "./TextField";

// Label, hint and error stand in the same places everywhere; the error is tied to its input.
const look = { label: styles.label, description: styles.description, error: styles.error, input: styles.input };
const order: ("label" | "input" | "description" | "error")[] = ["label", "input", "description", "error"];

export const TextAreaField = (props: TextareaProps) => (
  <Textarea inputWrapperOrder={order} rows={3} classNames={{ ...look, input: cx(styles.input, styles.area) }} {...props} />
);

/** The browser's own list: it is right on a phone and with a keyboard. */
export const SelectField = (props: NativeSelectProps) => <NativeSelect inputWrapperOrder={order} classNames={look} {...props} />;

const beside = { label: styles.besideLabel, description: styles.besideDescription };

export const CheckField = (props: CheckboxProps) => <Checkbox size="xs" classNames={{ ...beside, input: styles.besideBox }} {...props} />;

export const RadioField = (props: RadioProps) => <Radio size="xs" classNames={{ ...beside, radio: styles.besideBox }} {...props} />;

export const SwitchField = (props: SwitchProps) => <Switch size="sm" classNames={beside} {...props} />;
