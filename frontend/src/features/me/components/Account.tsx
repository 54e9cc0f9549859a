import type { ReactNode } from "react";
import { useT } from "@/lib/i18n";
import { useCrumb } from "@/ui/crumbs";
import { PageHeader } from "@/ui/PageHeader";
import { PathTabs } from "@/ui/Tabs";
import { meMessages } from "../i18n";

const PARTS = { profile: "/me", security: "/me/security", tokens: "/me/tokens", usage: "/me/usage" } as const;
const NAMES = Object.keys(PARTS) as (keyof typeof PARTS)[];

/** The frame of the account's pages. */
export function Account({ part, children }: { readonly part: keyof typeof PARTS; readonly children: ReactNode }) {
  const t = useT(meMessages);
  useCrumb(t("title"), t(`tab.${part}`));
  return (
    <>
      <PageHeader title={t("title")} />
      <PathTabs label={t("tabs")} tabs={NAMES.map((name) => ({ to: PARTS[name], label: t(`tab.${name}`) }))} />
      {children}
    </>
  );
}
