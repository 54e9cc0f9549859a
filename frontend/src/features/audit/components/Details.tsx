import { Link } from "react-router";
import type { AuditRecord } from "@/api";
import { useT } from "@/lib/i18n";
import { cx } from "@/ui/cx";
import { diff, type Changed } from "../diff";
import { auditMessages } from "../i18n";
import styles from "./audit.module.css";

/** A sign as well as a colour tells what went and what came. */
function Value({ row, side }: { readonly row: Changed; readonly side: "before" | "after" }) {
  const there = side === "before" ? row.kind !== "added" : row.kind !== "removed";
  if (!there) return <td />;
  if (row.kind === "same") return <td>{row[side]}</td>;
  return <td className={styles[side]}><span className={styles.mark} aria-hidden="true">{side === "before" ? "−" : "+"}</span>{row[side]}</td>;
}

function Diff({ rows }: { readonly rows: readonly Changed[] }) {
  const t = useT(auditMessages);
  if (rows.length === 0) return <p className="muted small">{t("diff.none")}</p>;
  return (
    <table className={styles.diff} aria-label={t("diff.label")}>
      <thead><tr><th scope="col">{t("diff.field")}</th><th scope="col">{t("diff.before")}</th><th scope="col">{t("diff.after")}</th></tr></thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.field} className={cx(row.kind === "same" && styles.same)}><td>{row.field}</td><Value row={row} side="before" /><Value row={row} side="after" /></tr>
        ))}
      </tbody>
    </table>
  );
}

type State = Readonly<Record<string, unknown>> | null;

export function Details({ record }: { readonly record: AuditRecord }) {
  const t = useT(auditMessages);
  const object = new URLSearchParams({ object_type: record.object_type, object_id: record.object_id });
  return (
    <div className={styles.details}>
      <Diff rows={diff(record.before as State, record.after as State)} />
      <div className={styles.meta}>
        <span>{t("objectId")} <code>{record.object_id}</code></span>
        {record.address && <span>{t("address")} <code>{record.address}</code></span>}
        {record.request_id && <span>{t("request")} <code>{record.request_id}</code></span>}
        <Link className="link" to={{ search: object.toString() }}>{t("onlyObject")}</Link>
      </div>
    </div>
  );
}
