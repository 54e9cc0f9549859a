import type { FormEventHandler, ReactNode } from "react";
import styles from "./Form.module.css";

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
