import { Fragment } from "react";
import { Link, useSearchParams } from "react-router";
import type { AuditRecord } from "@/api";
import { useProjects } from "@/api/projects";
import { toCsv } from "@/lib/csv";
import { formatTime } from "@/lib/formatTime";
import { useT } from "@/lib/i18n";
import { Person } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { download } from "@/ui/download";
import { EmptyState } from "@/ui/EmptyState";
import { ClearFilters } from "@/ui/FilterBar";
import { Icon } from "@/ui/Icon";
import { Loaded } from "@/ui/Loaded";
import { PageHeader } from "@/ui/PageHeader";
import { Pager } from "@/ui/Pager";
import { Time } from "@/ui/Time";
import { Details } from "../components/Details";
import { Filters } from "../components/Filters";
import styles from "../components/audit.module.css";
import { written } from "../diff";
import { auditMessages } from "../i18n";
import { FILTERS, useAudit, type Filters as Wanted } from "../queries";

function useWanted(): Wanted {
  const [search] = useSearchParams();
  return Object.fromEntries([...FILTERS, "cursor"].map((name) => [name, search.get(name) ?? ""])) as unknown as Wanted;
}

/** Records carry the project's id; its name where the reader may see it. */
function useProjectNames(): (project: AuditRecord["project"]) => string {
  const { data } = useProjects({}, { limit: 200 });
  return (project) => {
    return data?.results.find(({ id }) => id === project)?.name ?? project;
  };
}

interface RowProps { readonly record: AuditRecord; readonly project: string; readonly open: boolean; readonly onToggle: () => void }

function Row({ record, project, open, onToggle }: RowProps) {
  const t = useT(auditMessages);
  const id = `record-${record.id}`;
  return (
    <Fragment>
      <tr className={styles.row}>
        <td>
          <button type="button" className={styles.toggle} aria-expanded={open} aria-controls={open ? id : undefined}
            aria-label={t("details", { verb: record.verb, time: formatTime(record.at, t.language) })} onClick={onToggle}>
            <Icon name="right" small /><span className="muted"><Time value={record.at} /></span>
          </button>
        </td>
        <td>{record.actor ? <Link to={`/admin/users/${record.actor}`}><Person name={record.actor} /></Link> : <span className="faint">{t("platform")}</span>}</td>
        <td><code>{record.verb}</code></td>
        <td><div className={styles.object} title={record.object_name}><span className="medium">{record.object_name || record.object_id}</span></div></td>
        <td className={styles.large}><span className="muted">{project || "–"}</span></td>
        <td className={styles.large}><span className="faint">{record.address || "–"}</span></td>
      </tr>
      {open && <tr id={id}><td colSpan={6} className={styles.detail}><Details record={record} /></td></tr>}
    </Fragment>
  );
}

/** Which record is open, kept in the address beside filters and page. */
function useOpen(): readonly [string | null, (id: string | null) => void] {
  const [search, setSearch] = useSearchParams();
  const set = (id: string | null) => setSearch((current) => {
    const next = new URLSearchParams(current);
    if (id) next.set("open", id);
    else next.delete("open");
    return next;
  }, { replace: true });
  return [search.get("open"), set];
}

function Records({ records }: { readonly records: readonly AuditRecord[] }) {
  const t = useT(auditMessages);
  const names = useProjectNames();
  const [open, setOpen] = useOpen();
  return (
    <div className={styles.scroll}>
      <table className={styles.table} aria-label={t("title")}>
        <thead>
          <tr>
            <th scope="col">{t("at")}</th><th scope="col">{t("actor")}</th><th scope="col">{t("verb")}</th><th scope="col">{t("object")}</th>
            <th scope="col" className={styles.large}>{t("project")}</th><th scope="col" className={styles.large}>{t("address")}</th>
          </tr>
        </thead>
        <tbody>
          {records.map((record) => {
            const id = String(record.id);
            return <Row key={id} record={record} project={names(record.project)} open={open === id} onToggle={() => setOpen(open === id ? null : id)} />;
          })}
        </tbody>
      </table>
    </div>
  );
}

const HEAD = ["id", "at", "actor", "verb", "object_type", "object_id", "object_name", "project", "address", "request_id", "before", "after"] as const;

function exportRecords(records: readonly AuditRecord[]): void {
  download("audit.csv", toCsv(HEAD, records.map((record) => HEAD.map((field) => (record[field] === null ? "" : written(record[field]))))));
}

export default function AuditPage() {
  const t = useT(auditMessages);
  const wanted = useWanted();
  const query = useAudit(wanted);
  const filtered = FILTERS.some((name) => wanted[name]);
  return (
    <>
      <PageHeader title={t("title")} actions={<Button icon="download" onClick={() => exportRecords(query.data?.results ?? [])}>{t("export")}</Button>} />
      <Card flush label={t("title")}>
        <Filters />
        <Loaded query={query} failed={t("failed")}>
          {({ results, next, previous }) => (
            <>
              {results.length
                ? <Records records={results} />
                : <EmptyState icon="search" title={t(filtered ? "none" : "empty")} action={filtered && <ClearFilters params={FILTERS} />} />}
              <Pager next={next} previous={previous} />
            </>
          )}
        </Loaded>
      </Card>
    </>
  );
}
