import { useState } from "react";
import { useLocalized, useT } from "@/lib/i18n";
import { Dialog } from "@/ui/Dialog";
import { SwitchField } from "@/ui/Field";
import { appMessages } from "../i18n";
import { useShownPlaces } from "../places";
import styles from "./Shell.module.css";
import { singleKeysOn, switchSingleKeys } from "./useHotkeys";

function Keys({ keys }: { readonly keys: readonly string[] }) {
  const t = useT(appMessages);
  return (
    <span className="row g4">
      {keys.map((key, index) => (
        <span key={key} className="row g4">{index > 0 && <span className="faint small">{t("keys.then")}</span>}<kbd className={styles.kbd}>{key}</kbd></span>
      ))}
    </span>
  );
}

export default function KeyboardHelp({ onClose }: { readonly onClose: () => void }) {
  const t = useT(appMessages);
  const words = useLocalized();
  const [on, setOn] = useState(singleKeysOn);
  const places = useShownPlaces().filter((place) => place.key);
  const rows: [string, string[]][] = [
    [t("keys.palette"), ["Ctrl K"]],
    [t("keys.new"), ["C"]],
    [t("keys.filter"), ["/"]],
    ...places.map((place): [string, string[]] => [t("keys.go", { place: words(place.label) }), ["G", (place.key ?? "").toUpperCase()]]),
    [t("keys.help"), ["?"]],
    [t("keys.close"), ["Esc"]],
  ];
  return (
    <Dialog title={t("keys.title")} onClose={onClose}>
      <dl className="col" style={{ marginBottom: 16 }}>
        {rows.map(([what, keys]) => (
          <div key={what} className="row between" style={{ minHeight: 32 }}><dt>{what}</dt><dd><Keys keys={keys} /></dd></div>
        ))}
      </dl>
      <SwitchField label={t("keys.single")} description={t("keys.singleHint")} checked={on}
        onChange={(event) => { switchSingleKeys(event.currentTarget.checked); setOn(event.currentTarget.checked); }} />
    </Dialog>
  );
}
