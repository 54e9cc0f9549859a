type State = Readonly<Record<string, unknown>> | null | undefined;

export interface Changed { readonly field: string; readonly before: string; readonly after: string; readonly kind: "added" | "removed" | "changed" | "same" }

/** A value as it stands in the log: text as it is, the rest as JSON. */
export function written(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

const isState = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

function kindOf(before: unknown, after: unknown): Changed["kind"] {
  if (before === undefined) return "added";
  if (after === undefined) return "removed";
  return written(before) === written(after) ? "same" : "changed";
}

/** Field by field, what was before and after; nested objects by their path, the changed ones first. */
export function diff(before: State, after: State, path = ""): Changed[] {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  const rows = fields.flatMap((name): Changed[] => {
    const [old, now] = [before?.[name], after?.[name]];
    const field = path ? `${path}.${name}` : name;
    if (isState(old) || isState(now)) return diff(isState(old) ? old : null, isState(now) ? now : null, field);
    return [{ field, before: written(old), after: written(now), kind: kindOf(old, now) }];
  });
  return rows.sort((a, b) => Number(a.kind === "same") - Number(b.kind === "same"));
}
