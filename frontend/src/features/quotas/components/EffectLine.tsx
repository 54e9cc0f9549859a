import { useDebouncedValue } from "@mantine/hooks";
import { useT } from "@/lib/i18n";
import { cx } from "@/ui/cx";
import { uiMessages } from "@/ui/i18n";
import { Icon } from "@/ui/Icon";
import { resourceName } from "@/ui/QuotaBar";
import { figure, type Limit } from "../amounts";
import { quotasMessages } from "../i18n";
import { usePreviews } from "../queries";
import { changesOf, hasBadCell, type RowEdit } from "../useRowEdit";
import styles from "./quotas.module.css";

const WAIT_MS = 300;

/** What saving would do, told before it is done. */
export function EffectLine({ edit }: { readonly edit: RowEdit }) {
  const t = useT(quotasMessages);
  const ui = useT(uiMessages);
  const row = edit.editing?.row;
  const changes = changesOf(edit.editing?.cells ?? {});
  const [settled] = useDebouncedValue(changes, WAIT_MS);
  const previews = usePreviews(row ? settled.map(({ line, limit }) => ({ target: { scope: row.scope, scope_id: row.scope_id, line }, limit })) : []);
  if (!row) return null;
  if (edit.failure) {
    const { resource, error } = edit.failure;
    return <div className={cx(styles.effect, styles.bad)} role="alert"><Icon name="crossRing" /><span>{t("notSaved", { resource: resourceName(resource, ui), detail: error.message })}</span></div>;
  }
  const shown = (resource: string, limit: Limit) => (limit === null ? t("limit.none") : figure(resource, limit, t.language));
  const sentences = changes.map(({ line, limit }) =>
    t("before.change", { resource: resourceName(line.resource, ui), before: shown(line.resource, line.limit), after: shown(line.resource, limit) }));
  const effect = previews.failed ? [t("before.unknown")] : previews.effects.map(({ sentence }) => sentence);
  return (
    <div className={styles.effect} role="status">
      <Icon name="flask" />
      <span className="grow">
        <b className="medium">{t("before")}</b>{" "}
        {edit.editing && hasBadCell(edit.editing.cells) ? t("field.bad") : changes.length === 0 ? t("before.same") : [...sentences, ...(previews.pending ? [t("before.checking")] : effect)].join(" ")}
      </span>
      <span className="faint only-large">{t("before.keys")}</span>
    </div>
  );
}
