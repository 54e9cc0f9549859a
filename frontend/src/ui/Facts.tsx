import { Fragment, type ReactNode } from "react";
import styles from "./Facts.module.css";

export type Fact = readonly [label: string, value: ReactNode];

/** Names and values, one a line. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className={styles.facts}>
      {facts.map(([label, value]) => <Fragment key={label}><dt>{label}</dt><dd>{value}</dd></Fragment>)}
    </dl>
  );
}
