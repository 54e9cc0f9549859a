import type { ReactNode } from "react";
import { binaryPair, formatBinary } from "@/lib/formatBytes";
import { useT, type Language } from "@/lib/i18n";
import { acceleratorName, formatCores } from "@/lib/resources";
import styles from "./Bar.module.css";
import { cx } from "./cx";
import { uiMessages } from "./i18n";

const NEAR = 0.8;

interface BarProps {
  readonly used: number;
  readonly reserved?: number;
  /** null is no limit: the bar stays empty. */
  readonly limit: number | null;
  readonly thin?: boolean;
  readonly colour?: string;
}

const percent = (part: number, whole: number) => Math.min(100, Math.max(0, (part / Math.max(whole, 1)) * 100));

/** Solid used, hatched reserved, empty free. A picture: the figures stand beside it in words. */
export function Bar({ used, reserved = 0, limit, thin = false, colour }: BarProps) {
  const left = limit === null ? 0 : percent(used, limit);
  const held = limit === null ? 0 : Math.min(percent(reserved, limit), 100 - left);
  const near = limit !== null && !colour && (used + reserved) / Math.max(limit, 1) > NEAR;
  return (
    <span className={cx(styles.bar, thin && styles.thin, near && styles.warn)} aria-hidden="true">
      <i style={{ width: `${left}%`, background: colour }} />
      {held > 0 && <i className={styles.reserved} style={{ left: `${left}%`, width: `${held}%` }} />}
    </span>
  );
}

export interface QuotaLine {
  /** "cpu", "memory", "notebooks", "accelerator:<kind>" */
  readonly resource: string;
  readonly limit: number | null;
  /** Running now. */
  readonly used: number;
  /** Held for what is queued or starting; counts against the limit too. */
  readonly reserved: number;
}

export function resourceName(resource: string, t: (key: "resource.cpu" | "resource.memory" | "resource.notebooks") => string): string {
  if (resource === "cpu" || resource === "memory" || resource === "notebooks") return t(`resource.${resource}`);
  return acceleratorName(resource.replace(/^accelerator:/, ""));
}

/** One amount of a resource in its own unit: 32 cores, 268 GiB, 2. */
export function formatAmount(resource: string, amount: number, language: Language): string {
  if (resource === "cpu") return formatCores(amount, language);
  return resource === "memory" ? formatBinary(amount, language) : amount.toLocaleString(language);
}

/** The figure before "of": without the unit where the limit already names it. */
function bare(resource: string, amount: number, limit: number | null, language: Language): string {
  if (resource === "cpu") return (amount / 1000).toLocaleString(language, { maximumFractionDigits: 2 });
  if (resource === "memory") return limit === null ? formatBinary(amount, language) : binaryPair(amount, limit, language).used;
  return amount.toLocaleString(language);
}

function Remark({ line }: { readonly line: QuotaLine }) {
  const t = useT(uiMessages);
  if (line.limit === null) return null;
  const free = line.limit - line.used - line.reserved;
  const amount = formatAmount(line.resource, Math.abs(free), t.language);
  if (free < 0) return t("quota.over", { over: amount });
  if (free === 0) return t("quota.full");
  const near = (line.used + line.reserved) / line.limit > NEAR;
  return near ? t("quota.near", { free: amount }) : t("quota.free", { free: amount });
}

/** Name and figures, the bar, and what is free. */
export function QuotaBar({ line }: { readonly line: QuotaLine }) {
  const t = useT(uiMessages);
  const figure = (amount: number) => bare(line.resource, amount, line.limit, t.language);
  const used = line.reserved > 0
    ? t("quota.usedReserved", { used: figure(line.used), reserved: figure(line.reserved) })
    : t("quota.used", { used: figure(line.used) });
  const limit = line.limit === null ? t("unlimited") : t("quota.of", { limit: formatAmount(line.resource, line.limit, t.language) });
  return (
    <div>
      <div className="row between" style={{ marginBottom: 6 }}>
        <span className="medium">{resourceName(line.resource, t)}</span>
        <span className="small muted"><span className="medium" style={{ color: "var(--ink)" }}>{used}</span> {limit}</span>
      </div>
      <Bar used={line.used} reserved={line.reserved} limit={line.limit} />
      <div className="faint small" style={{ marginTop: 5 }}><Remark line={line} /></div>
    </div>
  );
}

export function QuotaLegend() {
  const t = useT(uiMessages);
  const entry = (name: ReactNode, hatched: boolean) => (
    <span className="row g6 small muted"><span className={cx(styles.dot, hatched && styles.hatched)} aria-hidden="true" />{name}</span>
  );
  return <div className="row g12 wrap">{entry(t("legend.used"), false)}{entry(t("legend.reserved"), true)}</div>;
}
