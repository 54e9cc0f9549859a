import { useCallback, type ReactNode } from "react";
import { useSearchParams } from "react-router";
import { useT } from "@/lib/i18n";
import { Button } from "./Button";
import { cx } from "./cx";
import styles from "./FilterBar.module.css";
import { Icon } from "./Icon";
import { uiMessages } from "./i18n";
import { useTyped } from "./useTyped";

/** One filter kept in the address. Typing replaces the entry in the history, choosing adds one. */
export function useFilter(name: string): readonly [string, (value: string, replace?: boolean) => void] {
  const [search, setSearch] = useSearchParams();
  const set = useCallback((value: string, replace = false) => {
    setSearch((current) => {
      const next = new URLSearchParams(current);
      if (value) next.set(name, value);
      else next.delete(name);
      // Another filter has other pages.
      if (name !== "cursor") next.delete("cursor");
      return next;
    }, { replace });
  }, [name, setSearch]);
  return [search.get(name) ?? "", set];
}

export function SearchFilter({ label, param = "search" }: { readonly label: string; readonly param?: string }) {
  const [kept, set] = useFilter(param);
  const [value, type] = useTyped(kept, (text) => set(text, true));
  return (
    <label className={styles.search}>
      <Icon name="search" />
      <span className="sr-only">{label}</span>
      <input type="search" data-filter placeholder={label} value={value} onChange={(event) => type(event.target.value)} />
    </label>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly param: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  /** Without a frame, for the head of a card. */
  readonly quiet?: boolean;
}

/** The first entry, the name of the filter, means all. */
export function ChoiceFilter({ label, param, options, quiet = false }: ChoiceProps) {
  const [value, set] = useFilter(param);
  return (
    <select aria-label={label} className={cx(styles.choice, quiet && styles.quiet)} value={value} onChange={(event) => set(event.target.value)}>
      <option value="">{label}</option>
      {options.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}
    </select>
  );
}

interface BarProps {
  readonly children: ReactNode;
  /** The filters to clear; without one in use the button stays away. */
  readonly params: readonly string[];
  readonly aside?: ReactNode;
}

export function FilterBar({ children, params, aside }: BarProps) {
  return (
    <div className={styles.bar} role="search">
      {children}
      <ClearFilters params={params} />
      {aside && <div className="end row">{aside}</div>}
    </div>
  );
}

export function ClearFilters({ params }: { readonly params: readonly string[] }) {
  const t = useT(uiMessages);
  const [search, setSearch] = useSearchParams();
  if (!params.some((param) => search.get(param))) return null;
  const clear = () => setSearch((current) => new URLSearchParams([...current].filter(([key]) => !params.includes(key) && key !== "cursor")));
  return <Button small kind="quiet" icon="x" onClick={clear}>{t("clearFilters")}</Button>;
}
