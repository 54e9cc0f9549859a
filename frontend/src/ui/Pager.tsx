import { useCallback } from "react";
import { useSearchParams } from "react-router";
import { useT } from "@/lib/i18n";
import { Button } from "./Button";
import { uiMessages } from "./i18n";
import styles from "./Pager.module.css";

export interface Neighbours {
  readonly next: string | null;
  readonly previous: string | null;
}

/** Turn pages by the cursor in the address. Without neighbours it stays away. */
export function Pager({ next, previous }: Neighbours) {
  const t = useT(uiMessages);
  const [, setSearch] = useSearchParams();
  const go = useCallback((cursor: string) => {
    setSearch((current) => {
      const address = new URLSearchParams(current);
      address.set("cursor", cursor);
      return address;
    });
    scrollTo(0, 0);
  }, [setSearch]);
  if (!next && !previous) return null;
  return (
    <nav className={styles.pager} aria-label={t("pager")}>
      <Button small icon="back" disabledReason={previous ? null : t("pager.first")} onClick={() => previous && go(previous)}>{t("pager.previous")}</Button>
      <Button small tail="right" disabledReason={next ? null : t("pager.last")} onClick={() => next && go(next)}>{t("pager.next")}</Button>
    </nav>
  );
}
