import { useState, type ReactNode } from "react";
import { useNavigate } from "react-router";
import { useT } from "@/lib/i18n";
import { Button, ButtonLink } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { ConflictDialog, type Difference } from "@/ui/ConflictDialog";
import { useCrumb } from "@/ui/crumbs";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { Form, FormFoot } from "@/ui/Field";
import { uiMessages } from "@/ui/i18n";
import { PageHeader } from "@/ui/PageHeader";
import { toast } from "@/ui/toast";
import { catalogMessages } from "../i18n";
import { useDelete } from "../queries";
import { useAdminReason } from "./useAdminReason";

interface Editing {
  readonly busy: boolean;
  readonly dirty: boolean;
  readonly error: Error | null;
  readonly clash: unknown;
  readonly submit: () => void;
  readonly reset: () => void;
  readonly keepMine: () => void;
  readonly takeTheirs: () => void;
  readonly putOff: () => void;
}

interface Props {
  readonly family: "environments" | "profiles";
  /** Of an entry that exists already. */
  readonly entry: { readonly id: string; readonly name: string; readonly etag: string } | null;
  readonly edit: Editing;
  readonly differences: readonly Difference[];
  readonly children: ReactNode;
}

function DeleteDialog({ family, entry, onClose }: Pick<Props, "family"> & { readonly entry: NonNullable<Props["entry"]>; readonly onClose: () => void }) {
  const t = useT(catalogMessages);
  const navigate = useNavigate();
  const { mutate: remove, error, isPending } = useDelete(family);
  const done = () => {
    toast(t("delete.done", { name: entry.name }));
    void navigate(`/admin/${family}`);
  };
  return (
    <ConfirmDialog title={t("delete.title", { name: entry.name })} action={t("delete.action", { name: entry.name })} busy={isPending} error={error}
      onClose={onClose} onConfirm={() => remove(entry, { onSuccess: done })}>
      {t("delete.text")}
    </ConfirmDialog>
  );
}

/** The page around an entry's form: its name, save, delete, and what to do about a clash. */
export function EditFrame({ family, entry, edit, differences, children }: Props) {
  const t = useT(catalogMessages);
  const ui = useT(uiMessages);
  const reason = useAdminReason();
  const [deleting, setDeleting] = useState(false);
  const title = entry?.name ?? t(family === "profiles" ? "new.profile" : "new.environment");
  useCrumb(title);
  return (
    <>
      <PageHeader title={title} sub={reason}
        actions={entry && <Button kind="danger" icon="trash" disabledReason={reason} onClick={() => setDeleting(true)}>{t("delete")}</Button>} />
      <Form label={title} onSubmit={() => { if (!reason) edit.submit(); }}>
        {edit.error && <ErrorNotice error={edit.error} title={t("form.notSaved")} />}
        {children}
        <FormFoot>
          {entry && edit.dirty && <Button kind="quiet" onClick={edit.reset}>{ui("cancel")}</Button>}
          {!entry && <ButtonLink kind="quiet" to={`/admin/${family}`}>{ui("cancel")}</ButtonLink>}
          <Button type="submit" kind="primary" busy={edit.busy} disabledReason={reason}>{ui("save")}</Button>
        </FormFoot>
      </Form>
      {edit.clash !== null && (
        <ConflictDialog title={t("form.conflict")} differences={differences} busy={edit.busy} onKeep={edit.keepMine} onTake={edit.takeTheirs} onClose={edit.putOff} />
      )}
      {deleting && entry && <DeleteDialog family={family} entry={entry} onClose={() => setDeleting(false)} />}
    </>
  );
}

type Words = Readonly<Record<string, string>>;

const shown = (value: unknown): string => {
  if (typeof value === "boolean") return value ? "✓" : "–";
  if (Array.isArray(value)) return value.map((one) => (typeof one === "object" ? Object.values(one as object).join(" × ") : String(one))).join(", ") || "–";
  return String(value) || "–";
};

/** What differs between two drafts, by the words beside the fields. */
export function differencesOf<D extends object>(mine: D, theirs: D, words: Words): Difference[] {
  const fields = Object.keys(words) as (keyof D & string)[];
  return fields
    .filter((field) => JSON.stringify(mine[field]) !== JSON.stringify(theirs[field]))
    .map((field) => ({ label: words[field] ?? field, mine: shown(mine[field]), theirs: shown(theirs[field]) }));
}
