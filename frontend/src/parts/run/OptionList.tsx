import type { ReactNode } from "react";
import { useT } from "@/lib/i18n";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Card";
import { Icon, type IconName } from "@/ui/Icon";
import { partsMessages } from "../i18n";
import styles from "./Why.module.css";

export interface Option {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  readonly button: string;
  readonly onPress: () => void;
}

/** One press for each thing that helps now. */
export function OptionList({ options, children }: { readonly options: readonly Option[]; readonly children?: ReactNode }) {
  const t = useT(partsMessages);
  if (!options.length) return null;
  return (
    <Card title={t("options")} flush>
      {options.map(({ icon, title, text, button, onPress }) => (
        <div key={title} className={styles.option}>
          <Icon name={icon} />
          <span className="grow">{title}<span className="faint small" style={{ display: "block" }}>{text}</span></span>
          <Button small aria-label={`${button}: ${title}`} onClick={onPress}>{button}</Button>
        </div>
      ))}
      {children}
    </Card>
  );
}
