import { useSyncExternalStore } from "react";
import { useT } from "@/lib/i18n";
import { Icon } from "./Icon";
import { uiMessages } from "./i18n";
import { dismiss, toastStore } from "./toast";
import styles from "./Toasts.module.css";

/** Mounted once, by the shell. */
export function Toasts() {
  const t = useT(uiMessages);
  const toasts = useSyncExternalStore(toastStore.subscribe, toastStore.read);
  return (
    <div className={styles.region} role="status">
      {toasts.map(({ id, text, tone, undo }) => (
        <div key={id} className={styles.toast}>
          <Icon name={tone === "ok" ? "check" : "warn"} />
          <span>{text}</span>
          {undo && <button type="button" onClick={() => { dismiss(id); undo(); }}>{t("undo")}</button>}
          <button type="button" className={styles.close} aria-label={t("dismiss")} onClick={() => dismiss(id)}><Icon name="x" small /></button>
        </div>
      ))}
    </div>
  );
}
