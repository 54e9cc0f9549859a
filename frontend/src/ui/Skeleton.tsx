import { useEffect, useState, type ReactNode } from "react";
import { useT } from "@/lib/i18n";
import { uiMessages } from "./i18n";
import styles from "./Skeleton.module.css";

/** Quick answers show no skeleton at all. */
export const SKELETON_DELAY_MS = 150;

function useDelayed(ms: number): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return over;
}

/** Holds the place of what loads and shows it only after 150 ms. */
export function Loading({ children }: { readonly children: ReactNode }) {
  const t = useT(uiMessages);
  const shown = useDelayed(SKELETON_DELAY_MS);
  return (
    <div role="status" style={{ visibility: shown ? "visible" : "hidden" }}>
      <span className="sr-only">{shown ? t("loading") : ""}</span>
      <div aria-hidden="true">{children}</div>
    </div>
  );
}

export function Bone({ width = "100%", height = 12 }: { readonly width?: number | string; readonly height?: number }) {
  return <span className={styles.bone} style={{ width, height }} />;
}

const WIDTHS = [150, 110, 180, 130, 160];

/** Table rows to come. */
export function SkeletonRows({ rows = 4 }: { readonly rows?: number }) {
  return (
    <Loading>
      <div className={styles.rows}>
        {Array.from({ length: rows }, (_, row) => (
          <div key={row} className={styles.line}>
            {[0, 1, 2].map((column) => <Bone key={column} width={WIDTHS[(row + column * 2) % WIDTHS.length] ?? 140} />)}
          </div>
        ))}
      </div>
    </Loading>
  );
}

/** A card's text to come. */
export function SkeletonLines({ lines = 3 }: { readonly lines?: number }) {
  return (
    <Loading>
      <div className="col g12">
        {Array.from({ length: lines }, (_, line) => <Bone key={line} width={`${92 - ((line * 17) % 45)}%`} />)}
      </div>
    </Loading>
  );
}
