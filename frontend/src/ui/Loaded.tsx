import type { ReactNode } from "react";
import { ErrorNotice } from "./ErrorNotice";
import { SkeletonRows } from "./Skeleton";

interface Asked<T> {
  readonly data: T | undefined;
  readonly error: Error | null;
  readonly refetch: () => unknown;
}

interface Props<T> {
  readonly query: Asked<T>;
  /** What could not be done: "The members cannot be shown." */
  readonly failed: ReactNode;
  readonly skeleton?: ReactNode;
  readonly children: (data: T) => ReactNode;
}

/**
 * What a query brings, in each of its states: a skeleton while nothing is known, the error beside
 * what was known before, and then the data.
 */
export function Loaded<T>({ query, failed, skeleton, children }: Props<T>) {
  const { data, error, refetch } = query;
  return (
    <>
      {error && <div style={{ padding: 14 }}><ErrorNotice error={error} title={failed} onRetry={() => void refetch()} /></div>}
      {data !== undefined && children(data)}
      {data === undefined && !error && (skeleton ?? <SkeletonRows />)}
    </>
  );
}
