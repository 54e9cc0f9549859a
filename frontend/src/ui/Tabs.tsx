import type { ReactNode } from "react";
import { Link, NavLink, useSearchParams } from "react-router";
import { cx } from "./cx";
import styles from "./Tabs.module.css";

interface Tab {
  readonly value: string;
  readonly label: ReactNode;
  readonly count?: number | undefined;
}

interface Props {
  readonly label: string;
  readonly tabs: readonly Tab[];
  /** The key in the address that holds the choice; the first tab needs none. */
  readonly param?: string;
}

/** Which tab the address names, or the first. */
export function useTab(tabs: readonly string[], param = "tab"): string {
  const [search] = useSearchParams();
  const wanted = search.get(param);
  return wanted && tabs.includes(wanted) ? wanted : (tabs[0] ?? "");
}

/** Tabs are links: the choice is in the address, so it can be sent to somebody. */
export function Tabs({ label, tabs, param = "tab" }: Props) {
  const [search] = useSearchParams();
  const current = useTab(tabs.map((tab) => tab.value), param);
  const to = (value: string, first: boolean) => {
    const next = new URLSearchParams(search);
    if (first) next.delete(param);
    else next.set(param, value);
    return { search: next.toString() };
  };
  return (
    <nav aria-label={label} className={styles.tabs}>
      {tabs.map((tab, index) => (
        <Link key={tab.value} to={to(tab.value, index === 0)} className={cx(tab.value === current && styles.on)}
          aria-current={tab.value === current ? "page" : undefined}>
          {tab.label}
          {tab.count !== undefined && <span className={styles.count}>{tab.count}</span>}
        </Link>
      ))}
    </nav>
  );
}

interface PathTab {
  readonly to: string;
  readonly label: ReactNode;
}

/** Tabs that are pages of their own. */
export function PathTabs({ label, tabs }: { readonly label: string; readonly tabs: readonly PathTab[] }) {
  return (
    <nav aria-label={label} className={styles.tabs}>
      {tabs.map((tab) => <NavLink key={tab.to} end to={tab.to} className={({ isActive }) => cx(isActive && styles.on)}>{tab.label}</NavLink>)}
    </nav>
  );
}
