import { useState } from "react";
import { useNavigate } from "react-router";
import { useMyProject } from "@/api/projects";
import { useMe } from "@/api/session";
import { useT } from "@/lib/i18n";
import { IconTile, Tile } from "@/ui/Avatar";
import { Icon } from "@/ui/Icon";
import { Menu, type MenuEntry } from "@/ui/Menu";
import { appMessages } from "../i18n";
import { hasPage } from "../pages";
import { useArea, useProjectName } from "../places";
import styles from "./Shell.module.css";

/** Whether the feature with the list of all projects is part of this build. */
const HAS_LIST = hasPage("root", "projects");
const SEARCH_FROM = 6;

function useTitle() {
  const t = useT(appMessages);
  const me = useMe();
  const { platform, slug } = useArea();
  const project = useMyProject(slug);
  const shown = useProjectName();
  if (platform) return { name: t("nav.platform"), role: t(me.permissions.platform_admin ? "nav.administrator" : "nav.auditor"), platform };
  if (!slug) return { name: t("nav.noProject"), role: "", platform };
  return { name: shown ?? slug, role: t(project ? `role.${project.role}` : "role.none"), platform };
}

function useEntries(search: string): MenuEntry[] {
  const t = useT(appMessages);
  const me = useMe();
  const navigate = useNavigate();
  const { platform, slug } = useArea();
  const wanted = search.trim().toLowerCase();
  const found = me.projects.filter(({ name, slug: own }) => `${name} ${own}`.toLowerCase().includes(wanted));
  const entries: MenuEntry[] = found.map((project) => ({
    key: project.id, label: project.name, hint: t(`role.${project.role}`), checked: !platform && project.slug === slug,
    onSelect: () => void navigate(`/p/${project.slug}`),
  }));
  if (entries.length) entries.unshift({ key: "yours", section: t("nav.yours") });
  if (HAS_LIST) entries.push({ key: "line", line: true }, { key: "all", label: t("nav.projects"), icon: "list", onSelect: () => void navigate("/projects") });
  return entries;
}

/** Which project, and my role in it; the others one press away. */
export function Switcher() {
  const t = useT(appMessages);
  const me = useMe();
  const { name, role, platform } = useTitle();
  const [search, setSearch] = useState("");
  const entries = useEntries(search);
  const find = me.projects.length >= SEARCH_FROM && (
    <>
      <input className={styles.find} aria-label={t("nav.findProject")} placeholder={t("nav.findProject")} value={search}
        onChange={(event) => setSearch(event.target.value)} />
      {!entries.some((entry) => "checked" in entry) && <p className={styles.nothing}>{t("nav.noMatch")}</p>}
    </>
  );
  return (
    <Menu label={t("nav.switch")} entries={entries} head={find} onOpenChange={() => setSearch("")} trigger={
      <button type="button" className={styles.switch}>
        <span className="sr-only">{t("nav.switch")}: </span>
        {platform ? <IconTile name="shield" /> : <Tile name={name} />}
        <span className={`grow ${styles.switchText}`}>
          <span className={`ellipsis ${styles.switchName}`}>{name}</span>
          <span className={`ellipsis ${styles.switchRole}`}>{role}</span>
        </span>
        <Icon name="updown" />
      </button>
    } />
  );
}
