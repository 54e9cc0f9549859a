import { Link, NavLink, useNavigate } from "react-router";
import { useWorkloads } from "@/api/workloads";
import { useConfig, useMe } from "@/api/session";
import { useLocalized, useT } from "@/lib/i18n";
import { cx } from "@/ui/cx";
import type { Place } from "@/ui/feature";
import { Icon } from "@/ui/Icon";
import { Menu } from "@/ui/Menu";
import { appMessages } from "../i18n";
import { address, showsPlatform, useArea, usePlace, useShownPlaces } from "../places";
import { prefetch } from "../pages";
import styles from "./Shell.module.css";
import { Switcher } from "./Switcher";

/** How many live workloads of each kind the project has. */
function useCounts(slug: string | undefined): Readonly<Record<string, number>> {
  const { data } = useWorkloads({ project: slug ?? "", live: true }, { enabled: Boolean(slug) });
  const counts: Record<string, number> = {};
  for (const { kind } of data?.results ?? []) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

interface LinkProps { readonly place: Place; readonly slug: string | undefined; readonly count: number }

function PlaceLink({ place, slug, count }: LinkProps) {
  const words = useLocalized();
  const fetch = () => prefetch(place.scope, place.path);
  const label = words(place.label);
  return (
    <NavLink to={address(place, slug)} end={place.path === ""} className={({ isActive }) => cx(styles.item, isActive && styles.on)}
      onMouseEnter={fetch} onFocus={fetch} title={label}>
      <Icon name={place.icon} />
      <span className={styles.label}>{label}</span>
      {count > 0 && <span className={styles.count}>{count}</span>}
    </NavLink>
  );
}

function Places({ places, slug }: { readonly places: readonly Place[]; readonly slug: string | undefined }) {
  const words = useLocalized();
  const counts = useCounts(slug);
  return places.map((place, index) => {
    const heading = place.section && words(place.section);
    const starts = heading && place.section?.en !== places[index - 1]?.section?.en;
    return (
      <div key={`${place.scope}/${place.path}`}>
        {starts && <div className={styles.section}>{heading}</div>}
        <PlaceLink place={place} slug={slug} count={place.counts ? (counts[place.counts] ?? 0) : 0} />
      </div>
    );
  });
}

export function SideNav() {
  const t = useT(appMessages);
  const me = useMe();
  const { platform, slug } = useArea();
  const places = useShownPlaces();
  const { isolation } = useConfig();
  return (
    <nav className={styles.side} aria-label={t("nav.main")}>
      <div className={styles.sideMenu}><Switcher /></div>
      <Places places={places} slug={platform ? undefined : slug} />
      <div className={styles.bottom}>
        {isolation === "none" && <p className={styles.remark}>{t("isolation")}</p>}
        {platform && <Link to="/" className={styles.item} title={t("nav.back")}><Icon name="back" /><span className={styles.label}>{t("nav.back")}</span></Link>}
        {!platform && showsPlatform(me) && <Link to="/admin" className={styles.item} title={t("nav.platform")}><Icon name="shield" /><span className={styles.label}>{t("nav.platform")}</span></Link>}
      </div>
    </nav>
  );
}

/** Four places and More, within reach of a thumb. */
export function TabBar() {
  const t = useT(appMessages);
  const words = useLocalized();
  const me = useMe();
  const navigate = useNavigate();
  const { platform, slug } = useArea();
  const places = useShownPlaces();
  const current = usePlace();
  const first = (places.some((place) => place.onPhone) ? places.filter((place) => place.onPhone) : places).slice(0, 4);
  const rest = places.filter((place) => !first.includes(place));
  const entries = rest.map((place) => ({
    key: place.path, label: words(place.label), icon: place.icon, onSelect: () => void navigate(address(place, slug)),
  }));
  if (platform) entries.push({ key: "back", label: t("nav.back"), icon: "back", onSelect: () => void navigate("/") });
  else if (showsPlatform(me)) entries.push({ key: "platform", label: t("nav.platform"), icon: "shield", onSelect: () => void navigate("/admin") });
  return (
    <nav className={styles.tabbar} aria-label={t("nav.tabs")}>
      {first.map((place) => (
        <NavLink key={place.path} to={address(place, slug)} end={place.path === ""} className={({ isActive }) => cx(isActive && styles.on)}>
          <Icon name={place.icon} />{words(place.label)}
        </NavLink>
      ))}
      {entries.length > 0 && (
        <Menu label={t("nav.more")} align="right" entries={entries} trigger={
          <button type="button" className={cx(current && rest.includes(current) && styles.on)}><Icon name="menu" />{t("nav.more")}</button>
        } />
      )}
    </nav>
  );
}
