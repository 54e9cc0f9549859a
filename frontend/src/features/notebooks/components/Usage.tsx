import type { Notebook } from "@/api";
import { binaryPair } from "@/lib/formatBytes";
import { useT } from "@/lib/i18n";
import { Bar } from "@/ui/QuotaBar";
import { notebooksMessages } from "../i18n";
import styles from "./ServerCard.module.css";

interface MeterProps { readonly name: string; readonly figure: string; readonly used: number; readonly limit: number }

function Meter({ name, figure, used, limit }: MeterProps) {
  return (
    <div className={styles.meter}>
      <div className={styles.figures}><span className="faint">{name}</span><span className="muted nowrap">{figure}</span></div>
      <Bar thin used={used} limit={limit} />
    </div>
  );
}

/** CPU, memory and home of a running server, as far as they are known. */
export function Usage({ notebook }: { readonly notebook: Notebook }) {
  const t = useT(notebooksMessages);
  const { usage, resources } = notebook;
  const cpu = usage?.cpu_millicores;
  const memory = usage?.memory_bytes;
  const home = usage?.storage_bytes;
  if (cpu === undefined && memory === undefined) return <p className="faint small">{t("usage.unknown")}</p>;
  const share = (part: number) => (part / resources.cpu_millicores).toLocaleString(t.language, { style: "percent", maximumFractionDigits: 0 });
  return (
    <div className={styles.meters}>
      {cpu !== undefined && <Meter name={t("usage.cpu")} figure={share(cpu)} used={cpu} limit={resources.cpu_millicores} />}
      {memory !== undefined && (
        <Meter name={t("usage.memory")} figure={t("usage.of", binaryPair(memory, resources.memory_bytes, t.language))} used={memory} limit={resources.memory_bytes} />
      )}
      {home !== undefined && resources.storage_bytes && (
        <Meter name={t("usage.home")} figure={t("usage.of", binaryPair(home, resources.storage_bytes, t.language))} used={home} limit={resources.storage_bytes} />
      )}
    </div>
  );
}
