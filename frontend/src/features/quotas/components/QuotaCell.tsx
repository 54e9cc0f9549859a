import { useEffect, useId, useRef, type KeyboardEvent } from "react";
import type { LimitLine, QuotaScope } from "@/api";
import { useT } from "@/lib/i18n";
import { cx } from "@/ui/cx";
import { uiMessages } from "@/ui/i18n";
import { Bar, resourceName } from "@/ui/QuotaBar";
import { figures, parseLimit, unitOf } from "../amounts";
import { quotasMessages } from "../i18n";
import type { RowEdit } from "../useRowEdit";
import styles from "./quotas.module.css";
import { useRowName } from "./useRowName";

interface Props {
  readonly row: QuotaScope;
  readonly line: LimitLine;
  readonly edit: RowEdit;
  readonly reason: string | null;
}

function useResourceName(resource: string): string {
  const ui = useT(uiMessages);
  return resourceName(resource, ui);
}

const ThinBar = ({ line }: { readonly line: LimitLine }) => <Bar thin used={line.in_use} reserved={line.reserved} limit={line.limit} />;

/** The limit as a field. Enter saves the row, Escape puts the cell back. */
function Field({ row, line, edit, text }: Omit<Props, "reason"> & { readonly text: string }) {
  const t = useT(quotasMessages);
  const id = useId();
  const name = useRowName()(row).name;
  const resource = useResourceName(line.resource);
  const bad = parseLimit(line.resource, text) === undefined;
  const { used } = figures(line.resource, line.in_use, line.limit, t.language);
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter") edit.save();
    else if (event.key === "Escape") edit.close(line.resource);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={styles.edit}>
      <span className={styles.label}>{resource}</span>
      <div className={styles.pair}>
        <span className={styles.used}>{row.defaults ? "" : used}</span>
        <input className={styles.field} value={text} inputMode={unitOf(line.resource) === "count" ? "numeric" : "decimal"} autoComplete="off" autoFocus
          aria-label={t("field", { resource, name })} aria-describedby={id} aria-invalid={bad || undefined}
          onFocus={(event) => event.currentTarget.select()} onKeyDown={onKey} onChange={(event) => edit.type(line.resource, event.currentTarget.value)} />
        <span id={id} className="sr-only">{bad ? t("field.bad") : t(`field.unit.${unitOf(line.resource)}`)}</span>
      </div>
      {!row.defaults && <ThinBar line={line} />}
    </div>
  );
}

function Limit({ row, line }: Pick<Props, "row" | "line">) {
  const t = useT(quotasMessages);
  const { limit } = figures(line.resource, line.in_use, line.limit, t.language);
  if (row.defaults) return <span className={styles.own}>{limit === null ? t("limit.eachNone") : t("limit.each", { limit })}</span>;
  const text = limit === null ? t("limit.none") : t("limit.of", { limit });
  return <span className={cx(line.inherits ? styles.limit : styles.own)} title={t(line.inherits ? "cell.inherits" : "cell.own")}>{text}</span>;
}

/** When the field goes, the focus comes back to the cell it stood in, unless it is elsewhere already. */
function useFocusBack(open: boolean) {
  const button = useRef<HTMLButtonElement>(null);
  const was = useRef(open);
  useEffect(() => {
    if (was.current && !open && document.activeElement === document.body) button.current?.focus();
    was.current = open;
  }, [open]);
  return button;
}

/** Used of limit, with a bar; a press or Enter turns it into a field. */
export function QuotaCell(props: Props) {
  const { row, line, edit, reason } = props;
  const t = useT(quotasMessages);
  const name = useRowName()(row).name;
  const resource = useResourceName(line.resource);
  const cell = edit.cell(row, line.resource);
  const button = useFocusBack(cell !== undefined);
  if (cell) return <Field row={row} line={line} edit={edit} text={cell.text} />;
  const { used } = figures(line.resource, line.in_use, line.limit, t.language);
  return (
    <button ref={button} type="button" className={styles.cell} data-cell={line.resource} aria-disabled={reason !== null || undefined} title={reason ?? undefined}
      onClick={() => { if (!reason) edit.open(row, line); }}>
      <span className="sr-only">{t("cell.of", { resource, name })}</span>{" "}
      <span className={styles.label} aria-hidden="true">{resource}</span>
      <span className={styles.pair}>
        <span className={styles.used}>{row.defaults ? "" : used}</span>{" "}
        <Limit row={row} line={line} />
      </span>{" "}
      {!reason && <span className="sr-only">{t("cell.change")}</span>}
      {!row.defaults && <ThinBar line={line} />}
    </button>
  );
}
