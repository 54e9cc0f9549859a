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

/** CPU and memory of a running server, as far as it has said. */
export function Usage({ notebook }: { readonly notebook: Notebook }) {
  const t = useT(notebooksMessages);
  const { usage, resources } = notebook;
  const cpu = usage?.cpu_millicores ?? null;
  const memory = usage?.memory_bytes ?? null;
  if (cpu === null && memory === null) return <p className="faint small">{t("usage.unknown")}</p>;
  const share = (part: number) => (part / resources.cpu_millicores).toLocaleString(t.language, { style: "percent", maximumFractionDigits: 0 });
  return (
    <div className={styles.meters}>
      {cpu !== null && <Meter name={t("usage.cpu")} figure={share(cpu)} used={cpu} limit={resources.cpu_millicores} />}
      {memory !== null && (
        <Meter name={t("usage.memory")} figure={t("usage.of", binaryPair(memory, resources.memory_bytes, t.language))} used={memory} limit={resources.memory_bytes} />
      )}
    </div>
  );
}
