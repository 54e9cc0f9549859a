import { useEffect, type ReactNode } from "react";
import { setLanguage, useLanguage } from "@/lib/i18n";
import styles from "./Door.module.css";

const LANGUAGES = [["en", "English"], ["fr", "Français"]] as const;

interface Props {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly children: ReactNode;
}

/** The frame of the pages before one is inside. */
export function Door({ title, lead, children }: Props) {
  const language = useLanguage();
  useEffect(() => {
    document.title = `${title} · Atelier`;
  }, [title]);
  return (
    <main className={styles.door}>
      <div className={styles.box}>
        <div className={styles.brand}>
          <span className={styles.mark} aria-hidden="true"><svg viewBox="0 0 24 24"><path d="M6 19 12 5l6 14M8.2 14.8h7.6" /></svg></span>
          Atelier
        </div>
        <div className={styles.card}>
          <div>
            <h1>{title}</h1>
            {lead && <p className="muted">{lead}</p>}
          </div>
          {children}
        </div>
        <div className={styles.foot}>
          <span />
          <span className={styles.languages}>
            {LANGUAGES.map(([code, name]) => (
              <button key={code} type="button" lang={code} aria-pressed={language === code} onClick={() => void setLanguage(code)}>{name}</button>
            ))}
          </span>
        </div>
      </div>
    </main>
  );
}
