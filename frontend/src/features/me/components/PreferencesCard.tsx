import { useMemo } from "react";
import type { Me, Theme } from "@/api";
import { useSaveMe } from "@/api/session";
import { formatClock, setTimeZone } from "@/lib/formatTime";
import { LANGUAGES, setLanguage, useT, type Language } from "@/lib/i18n";
import { Card } from "@/ui/Card";
import { SelectField } from "@/ui/Field";
import { Segmented } from "@/ui/Segmented";
import { toast } from "@/ui/toast";
import { meMessages } from "../i18n";
import styles from "./me.module.css";

const NAMES: Record<Language, string> = { en: "English", fr: "Français" };
const THEMES = ["system", "light", "dark"] as const satisfies readonly Theme[];

/** What the browser knows, with what is set in front even where it does not know it. */
function zones(current: string): string[] {
  const known = Intl.supportedValuesOf("timeZone");
  return [...new Set([current || "UTC", "UTC", ...known])].sort();
}

/** Each choice is saved and shown at once; the shell follows the profile. */
export function PreferencesCard({ me }: { readonly me: Me }) {
  const t = useT(meMessages);
  const { mutate: save } = useSaveMe();
  const names = useMemo(() => zones(me.time_zone), [me.time_zone]);
  // What changed is seen at once; only a refusal needs words.
  const keep = (changes: Parameters<typeof save>[0], before: () => void) =>
    save(changes, { onError: (error) => { before(); toast(error.message, { tone: "bad" }); } });
  const chooseLanguage = (language: Language) => {
    const before = t.language;
    setLanguage(language);
    keep({ language }, () => setLanguage(before));
  };
  const chooseZone = (zone: string) => {
    setTimeZone(zone);
    keep({ time_zone: zone }, () => setTimeZone(me.time_zone));
  };
  return (
    <Card title={t("prefs.card")} note={t("prefs.note")}>
      <div className="stack">
        <div className={styles.choice}>
          <span className={styles.name}>{t("prefs.language")}</span>
          <Segmented label={t("prefs.language")} value={t.language} onChange={chooseLanguage} options={LANGUAGES.map((code) => ({ value: code, label: NAMES[code] }))} />
        </div>
        <div className={styles.choice}>
          <span className={styles.name}>{t("prefs.theme")}</span>
          <Segmented label={t("prefs.theme")} value={me.theme} onChange={(theme) => keep({ theme }, () => undefined)} options={THEMES.map((name) => ({ value: name, label: t(`theme.${name}`) }))} />
        </div>
        <SelectField label={t("prefs.zone")} description={t("prefs.zoneHint", { now: formatClock(new Date(), t.language) })} value={me.time_zone || "UTC"}
          data={names} onChange={(event) => chooseZone(event.currentTarget.value)} />
      </div>
    </Card>
  );
}
