import type { ReactNode } from "react";
import { useNavigate } from "react-router";
import { useT } from "@/lib/i18n";
import { cx } from "./cx";
import { uiMessages } from "./i18n";
import { Icon } from "./Icon";
import styles from "./Table.module.css";

export interface Column<Row> {
  readonly key: string;
  readonly title: ReactNode;
  readonly cell: (row: Row) => ReactNode;
  readonly align?: "right";
  /** Left out below 600 px: a phone keeps the name, the status and one figure. */
  readonly large?: boolean;
  /** Long text that may take several lines. */
  readonly wide?: boolean;
  readonly width?: number | string;
  readonly sortable?: boolean;
}

interface Props<Row> {
  /** What the table lists; read to those who cannot see it. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** Where a click on a row leads; the name in it must be a link to the same place. */
  readonly href?: (row: Row) => string;
  /** Without a visible head the titles are still read. */
  readonly headless?: boolean;
  /** "name" or "-name" */
  readonly sort?: string | null;
  readonly onSort?: (sort: string) => void;
}

function cellClass<Row>(column: Column<Row>): string {
  return cx(column.align === "right" && styles.right, column.large && styles.large, column.wide && styles.wide);
}

function ariaSort(key: string, sort: string | null | undefined): "ascending" | "descending" | undefined {
  if (sort === key) return "ascending";
  return sort === `-${key}` ? "descending" : undefined;
}

/** A column without a title holds actions; it is still named for those who listen. */
function Title({ children }: { readonly children: ReactNode }) {
  const t = useT(uiMessages);
  return children === "" ? <span className="sr-only">{t("actions")}</span> : children;
}

function Head<Row>({ column, sort, onSort }: Pick<Props<Row>, "sort" | "onSort"> & { readonly column: Column<Row> }) {
  const order = ariaSort(column.key, sort);
  return (
    <th scope="col" className={cellClass(column)} style={{ width: column.width }} aria-sort={order}>
      {column.sortable && onSort ? (
        <button type="button" className={styles.sort} onClick={() => onSort(order === "ascending" ? `-${column.key}` : column.key)}>
          {column.title}
          {order && <Icon name="down" small style={order === "ascending" ? { transform: "rotate(180deg)" } : undefined} />}
        </button>
      ) : <Title>{column.title}</Title>}
    </th>
  );
}

const INTERACTIVE = "a, button, input, select, label, [role=menu]";

export function Table<Row>({ label, columns, rows, rowKey, href, headless = false, sort, onSort }: Props<Row>) {
  const navigate = useNavigate();
  const open = (row: Row, target: EventTarget) => {
    if (href && !(target as Element).closest(INTERACTIVE) && !getSelection()?.toString()) void navigate(href(row));
  };
  return (
    <div className={styles.scroll}>
      <table className={styles.table} aria-label={label}>
        <thead className={headless ? "sr-only" : undefined}>
          <tr>{columns.map((column) => <Head key={column.key} column={column} sort={sort} onSort={onSort} />)}</tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            // The name in the row is a real link; a click elsewhere is only a larger target for it.
             
            <tr key={rowKey(row)} className={href && styles.linked} onClick={(event) => open(row, event.target)}>
              {columns.map((column) => (
                <td key={column.key} className={cellClass(column)} style={{ width: column.width }}>{column.cell(row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
