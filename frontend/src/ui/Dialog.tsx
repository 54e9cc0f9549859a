import { useEffect, useId, useRef, type ReactNode } from "react";
import { useT } from "@/lib/i18n";
import { IconButton } from "./Button";
import { cx } from "./cx";
import styles from "./Dialog.module.css";
import { uiMessages } from "./i18n";

interface Props {
  readonly title: ReactNode;
  readonly onClose: () => void;
  readonly wide?: boolean;
  /** "alertdialog" for what must be answered. */
  readonly role?: "dialog" | "alertdialog";
  readonly children: ReactNode;
}

/** What was marked, else the first field, else the heading: never the button that closes it. */
function firstStop(dialog: HTMLElement | null): HTMLElement | null | undefined {
  const inBody = ["[data-autofocus]", `.${styles.body} :is(input:not([type="hidden"]), textarea, select)`, "h2"];
  return inBody.map((selector) => dialog?.querySelector<HTMLElement>(selector)).find(Boolean);
}

/**
 * A modal dialog on the browser's own element: it holds the focus, Escape closes it, and the
 * focus goes back to the opener. Render it to open it.
 */
export function Dialog({ title, onClose, wide = false, role = "dialog", children }: Props) {
  const t = useT(uiMessages);
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const opener = document.activeElement;
    const dialog = ref.current;
    dialog?.showModal();
    firstStop(dialog)?.focus();
    return () => {
      dialog?.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    // A press on the backdrop lands on the dialog itself.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <dialog ref={ref} role={role} aria-labelledby={id} className={cx(styles.dialog, wide && styles.wide)}
      onCancel={(event) => { event.preventDefault(); onClose(); }}
      onMouseDown={(event) => { if (event.target === event.currentTarget) onClose(); }}>
      <div className={styles.head}>
        <h2 id={id} tabIndex={-1}>{title}</h2>
        <IconButton small icon="x" label={t("close")} onClick={onClose} />
      </div>
      <div className={styles.body}>{children}</div>
    </dialog>
  );
}

export const DialogFoot = ({ children }: { readonly children: ReactNode }) => <div className={styles.foot}>{children}</div>;
