import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { hasStatus, isApiError, type LimitLine, type QuotaScope } from "@/api";
import { limitText, parseLimit, type Limit } from "./amounts";
import { quotaKeys, setLimit, useLastChange } from "./queries";

/** A cell that is being edited, with the line as it was when it was opened. */
export interface Cell { readonly line: LimitLine; readonly text: string }

export interface Conflict {
  readonly line: LimitLine;
  readonly mine: Limit;
  readonly theirs: Limit;
  readonly by: string | null;
  readonly at: string | null;
}

interface Editing { readonly row: QuotaScope; readonly cells: Readonly<Record<string, Cell>> }

export const rowKey = (row: QuotaScope): string => `${row.scope}/${row.scope_id}`;

/** The cells whose limit is another one now. */
export function changesOf(cells: Readonly<Record<string, Cell>>): { readonly line: LimitLine; readonly limit: Limit }[] {
  return Object.values(cells).flatMap(({ line, text }) => {
    const limit = parseLimit(line.resource, text);
    return limit === undefined || limit === line.limit ? [] : [{ line, limit }];
  });
}

export const hasBadCell = (cells: Readonly<Record<string, Cell>>): boolean =>
  Object.values(cells).some(({ line, text }) => parseLimit(line.resource, text) === undefined);

const without = (cells: Readonly<Record<string, Cell>>, resource: string): Record<string, Cell> =>
  Object.fromEntries(Object.entries(cells).filter(([key]) => key !== resource));

interface Failure { readonly resource: string; readonly error: Error }

/** One row in edit. Each cell is saved with the version it was read with; a clash stops there. */
export function useRowEdit(onSaved: (row: QuotaScope) => void) {
  const queries = useQueryClient();
  const lastChange = useLastChange();
  const [editing, setEditing] = useState<Editing | null>(null);
  const [busy, setBusy] = useState(false);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);

  const put = (cells: Record<string, Cell>) => {
    setFailure(null);
    setEditing((now) => (now && Object.keys(cells).length ? { ...now, cells } : null));
  };
  const close = (resource: string) => put(without(editing?.cells ?? {}, resource));

  const clash = async (line: LimitLine, mine: Limit, error: unknown) => {
    const current = (isApiError(error) ? error.params.current : null) as { limit: Limit; version: number } | null;
    const last = line.id ? await lastChange(line.id) : null;
    const theirs = current ? current.limit : (last?.after ?? null);
    // Keeping mine is a change of what they saved: it names their version.
    const next = { ...line, limit: theirs, version: current?.version ?? line.version };
    setConflict({ line: next, mine, theirs, by: last?.by ?? null, at: last?.at ?? null });
  };

  const send = async (row: QuotaScope, cells: Readonly<Record<string, Cell>>) => {
    setBusy(true);
    setFailure(null);
    let left = cells;
    for (const { line, limit } of changesOf(cells)) {
      try {
        await setLimit({ scope: row.scope, scope_id: row.scope_id, line }, limit);
        left = without(left, line.resource);
      } catch (error) {
        if (hasStatus(error, 412)) await clash(line, limit, error);
        else setFailure({ resource: line.resource, error: error as Error });
        break;
      }
    }
    setBusy(false);
    await queries.invalidateQueries({ queryKey: quotaKeys.all });
    const open = changesOf(left).length > 0;
    setEditing(open ? { row, cells: left } : null);
    if (!open) onSaved(row);
  };

  return {
    editing, busy, conflict, failure,
    isOpen: (row: QuotaScope) => editing !== null && rowKey(editing.row) === rowKey(row),
    cell: (row: QuotaScope, resource: string) => (editing && rowKey(editing.row) === rowKey(row) ? editing.cells[resource] : undefined),
    open: (row: QuotaScope, line: LimitLine) => {
      const cell = { line, text: limitText(line.resource, line.limit) };
      setFailure(null);
      setEditing((now) => ({ row, cells: { ...(now && rowKey(now.row) === rowKey(row) ? now.cells : {}), [line.resource]: cell } }));
    },
    type: (resource: string, text: string) => {
      const cell = editing?.cells[resource];
      if (cell) put({ ...editing.cells, [resource]: { ...cell, text } });
    },
    close,
    cancel: () => put({}),
    save: () => {
      if (!editing || busy || hasBadCell(editing.cells)) return;
      if (changesOf(editing.cells).length) void send(editing.row, editing.cells);
      else put({});
    },
    keepMine: () => {
      if (!editing || !conflict) return;
      const cells = { ...editing.cells, [conflict.line.resource]: { line: conflict.line, text: limitText(conflict.line.resource, conflict.mine) } };
      setConflict(null);
      void send(editing.row, cells);
    },
    takeTheirs: () => {
      if (conflict) close(conflict.line.resource);
      setConflict(null);
    },
    putOff: () => setConflict(null),
  };
}

export type RowEdit = ReturnType<typeof useRowEdit>;
