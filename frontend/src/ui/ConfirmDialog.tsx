import { useId, useState, type ReactNode } from "react";
import { useT } from "@/lib/i18n";
import { Button } from "./Button";
import { Dialog, DialogFoot } from "./Dialog";
import { ErrorNotice } from "./ErrorNotice";
import { Form } from "./Form";
import { uiMessages } from "./i18n";
import { TextField } from "./TextField";

interface Props {
  readonly title: ReactNode;
  /** What is lost, and what is kept. */
  readonly children: ReactNode;
  /** Names the act and its object: "Delete exploration". */
  readonly action: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly busy?: boolean;
  readonly error?: Error | null;
  /** Must be typed before the button works. */
  readonly typeName?: string;
}

/** Only for what loses work or breaks callers; everything else is done at once, with Undo. */
export function ConfirmDialog({ title, children, action, onConfirm, onClose, busy = false, error, typeName }: Props) {
  const t = useT(uiMessages);
  const [typed, setTyped] = useState("");
  const id = useId();
  const reason = typeName && typed.trim() !== typeName ? t("typeName", { name: typeName }) : null;
  return (
    <Dialog role="alertdialog" title={title} onClose={onClose}>
      <Form onSubmit={() => { if (!reason && !busy) onConfirm(); }}>
        <div className="muted">{children}</div>
        {typeName && (
          <TextField id={id} label={t("typeName", { name: typeName })} value={typed} autoComplete="off" spellCheck={false}
            data-autofocus onChange={(event) => setTyped(event.currentTarget.value)} />
        )}
        {error && <ErrorNotice error={error} />}
        <DialogFoot>
          <Button onClick={onClose} data-autofocus={typeName ? undefined : true}>{t("cancel")}</Button>
          <Button type="submit" kind="destroy" busy={busy} disabledReason={reason}>{action}</Button>
        </DialogFoot>
      </Form>
    </Dialog>
  );
}
