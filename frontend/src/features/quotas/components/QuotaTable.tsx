import { useRef, useState } from "react";
import { Link } from "react-router";
import type { LimitLine, QuotaScope } from "@/api";
import { useT } from "@/lib/i18n";
import { Avatar, Tile } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { cx } from "@/ui/cx";
import { acceleratorName } from "@/lib/resources";
import { quotasMessages } from "../i18n";
import type { Live } from "../live";
import type { Scope } from "../queries";
import { hasBadCell, rowKey, type RowEdit } from "../useRowEdit";
import { HistoryDialog } from "./HistoryDialog";
import { QuotaCell } from "./QuotaCell";
import styles from "./quotas.module.css";
import { RowMenu } from "./RowMenu";
import { useRowName } from "./useRowName";

interface Props {
  readonly scope: Scope;
  readonly rows: readonly QuotaScope[];
  readonly defaults: readonly LimitLine[];
  readonly resources: readonly string[];
  readonly live: ReadonlyMap<string, Live>;
  readonly edit: RowEdit;
  readonly reason: string | null;
}

function Who({ row }: { readonly row: QuotaScope }) {
  const { name, note } = useRowName()(row);
  const picture = row.scope === "user" && !row.defaults ? <Avatar name={name} /> : <Tile name={row.scope === "platform" ? "P L" : name} quiet />;
  const link = row.scope === "user" && !row.defaults;
  return (
    <span className="row">
      {picture}
      <span className="col">
        <span className={cx("ellipsis", styles.name)}>{link ? <Link to={`/admin/users/${name}`}>{name}</Link> : name}</span>
        {note && <span className={styles.sub}>{note}</span>}
      </span>
    </span>
  );
}

function LiveWords({ live }: { readonly live: Live | undefined }) {
  const t = useT(quotasMessages);
  if (!live) return <span className="faint">{t("live.nothing")}</span>;
  const parts = [live.running > 0 && t("live.running", { count: live.running }), live.queued > 0 && t("live.queued", { count: live.queued })];
  return <span className="muted">{parts.filter(Boolean).join(", ")}</span>;
}

function Acts({ row, edit, defaults, reason }: Pick<Props, "edit" | "defaults" | "reason"> & { readonly row: QuotaScope }) {
  const t = useT(quotasMessages);
  const [history, setHistory] = useState(false);
  const bad = edit.editing && hasBadCell(edit.editing.cells) ? t("field.bad") : null;
  return (
    <span className="row g4" style={{ justifyContent: "flex-end" }}>
      {edit.isOpen(row)
        ? <><Button small kind="primary" busy={edit.busy} disabledReason={bad} onClick={edit.save}>{t("save")}</Button><Button small kind="quiet" onClick={edit.cancel}>{t("cancel")}</Button></>
        : <RowMenu row={row} defaults={defaults} reason={reason} onHistory={() => setHistory(true)} />}
      {history && <HistoryDialog row={row} onClose={() => setHistory(false)} />}
    </span>
  );
}

function Row({ row, props }: { readonly row: QuotaScope; readonly props: Props }) {
  const { edit, live } = props;
  const ref = useRef<HTMLTableRowElement>(null);
  const line = (resource: string) => row.lines.find((one) => one.resource === resource);
  return (
    <tr ref={ref} className={cx(edit.isOpen(row) && styles.open, row.defaults && styles.defaults)}>
      <td className={styles.who}><Who row={row} /></td>
      {props.resources.map((resource) => {
        const own = line(resource);
        return <td key={resource} className={styles.quantity}>{own ? <QuotaCell row={row} line={own} edit={edit} reason={props.reason} /> : <span className="faint">–</span>}</td>;
      })}
      <td className={styles.live}>{!row.defaults && <LiveWords live={live.get(row.scope === "user" ? row.name : row.scope_id)} />}</td>
      <td className={styles.acts}><Acts row={row} edit={edit} defaults={props.defaults} reason={props.reason} /></td>
    </tr>
  );
}

export function useColumnTitle(): (resource: string) => string {
  const t = useT(quotasMessages);
  return (resource) =>
    resource === "cpu" || resource === "memory" || resource === "notebooks" ? t(`column.${resource}`) : acceleratorName(resource.replace(/^accelerator:/, ""));
}

export function QuotaTable(props: Props) {
  const t = useT(quotasMessages);
  const title = useColumnTitle();
  return (
    <div className={styles.scroll}>
      <table className={styles.table} aria-label={t("title")}>
        <thead>
          <tr>
            <th scope="col">{t(`one.${props.scope}`)}</th>
            {props.resources.map((resource) => <th key={resource} scope="col" className={styles.quantity}>{title(resource)}</th>)}
            <th scope="col">{t("live")}</th>
            <th scope="col" className={styles.acts}><span className="sr-only">{t("actions")}</span></th>
          </tr>
        </thead>
        <tbody>{props.rows.map((row) => <Row key={rowKey(row)} row={row} props={props} />)}</tbody>
      </table>
    </div>
  );
}
