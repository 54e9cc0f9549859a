import { useNavigate } from "react-router";
import { useMe, useSaveMe, useSignOut } from "@/api/session";
import type { Theme } from "@/api";
import { LANGUAGES, setLanguage, useLocalized, useT } from "@/lib/i18n";
import { Avatar } from "@/ui/Avatar";
import { Button, IconButton } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
import { Menu, type MenuEntry } from "@/ui/Menu";
import { appMessages } from "../i18n";
import { hasPage } from "../pages";
import { CREATES, address, mayUse, useArea } from "../places";
import { useTheme } from "../useTheme";
import { Crumbs } from "./Crumbs";
import styles from "./Shell.module.css";
import { Switcher } from "./Switcher";

export const LANGUAGE_NAMES = { en: "English", fr: "Français" } as const;
const THEMES = ["system", "light", "dark"] as const;
const THEME_ICONS = { system: "gear", light: "sun", dark: "moon" } as const;

/** Change it here at once, and in the profile for the next visit. */
export function usePreferenceActions() {
  const { theme, set } = useTheme();
  const { mutate: save } = useSaveMe();
  return {
    theme,
    chooseTheme: (next: Theme) => { set(next); save({ theme: next }); },
    chooseLanguage: (next: (typeof LANGUAGES)[number]) => { void setLanguage(next); save({ language: next }); },
  };
}

export function useCreateEntries(): MenuEntry[] {
  const me = useMe();
  const words = useLocalized();
  const navigate = useNavigate();
  const { slug } = useArea();
  return CREATES.filter((create) => mayUse(me, create.audience) && (create.scope !== "project" || slug)).map((create) => ({
    key: `${create.scope}/${create.path}`, label: words(create.label), icon: create.icon,
    onSelect: () => void navigate(address(create, slug)),
  }));
}

function UserMenu({ onHelp }: { readonly onHelp: () => void }) {
  const t = useT(appMessages);
  const me = useMe();
  const navigate = useNavigate();
  const { theme, chooseTheme, chooseLanguage } = usePreferenceActions();
  const { mutate: signOut } = useSignOut();
  const entries: MenuEntry[] = [
    { key: "who", section: me.display_name || me.username },
    ...(hasPage("root", "me") ? [{ key: "profile", label: t("user.profile"), icon: "person", onSelect: () => void navigate("/me") } as const] : []),
    ...(hasPage("root", "me/tokens") ? [{ key: "tokens", label: t("user.tokens"), icon: "key", onSelect: () => void navigate("/me/tokens") } as const] : []),
    { key: "keyboard", label: t("user.keyboard"), icon: "keyboard", onSelect: onHelp },
    { key: "theme", section: t("user.theme") },
    ...THEMES.map((name) => ({ key: name, label: t(`theme.${name}`), icon: THEME_ICONS[name], checked: theme === name, onSelect: () => chooseTheme(name) })),
    { key: "language", section: t("user.language") },
    ...LANGUAGES.map((code) => ({ key: code, label: LANGUAGE_NAMES[code], icon: "globe" as const, checked: t.language === code, onSelect: () => chooseLanguage(code) })),
    { key: "line", line: true },
    { key: "out", label: t("user.signOut"), icon: "leave", onSelect: () => signOut() },
  ];
  return (
    <Menu label={t("user.menu", { name: me.username })} align="right" entries={entries} trigger={
      <button type="button" className={styles.account} aria-label={t("user.menu", { name: me.username })}><Avatar name={me.display_name || me.username} /></button>
    } />
  );
}

interface Props {
  readonly newOpen: boolean;
  readonly onNew: (open: boolean) => void;
  readonly onSearch: () => void;
  readonly onHelp: () => void;
}

export function Top({ newOpen, onNew, onSearch, onHelp }: Props) {
  const t = useT(appMessages);
  const creates = useCreateEntries();
  return (
    <header className={styles.top}>
      <div className="only-small" style={{ minWidth: 0 }}><Switcher /></div>
      <Crumbs />
      <button type="button" className={`only-large ${styles.cmd}`} onClick={onSearch} aria-keyshortcuts="Control+K">
        <Icon name="search" /><span className="grow ellipsis">{t("search")}</span><kbd className={styles.kbd}>Ctrl K</kbd>
      </button>
      <span className="only-small end"><IconButton icon="search" label={t("search.short")} onClick={onSearch} /></span>
      {creates.length > 0 && (
        <span className="only-large">
          <Menu label={t("new")} align="right" entries={creates} open={newOpen} onOpenChange={onNew}
            trigger={<Button icon="plus" tail="down">{t("new")}</Button>} />
        </span>
      )}
      <UserMenu onHelp={onHelp} />
    </header>
  );
}
