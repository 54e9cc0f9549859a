import { Link } from "react-router";
import { useLocalized, useT } from "@/lib/i18n";
import { useExtraCrumbs } from "@/ui/crumbs";
import { appMessages } from "../i18n";
import { address, useArea, usePlace, useProjectName } from "../places";
import styles from "./Shell.module.css";

interface Crumb { readonly name: string; readonly to?: string }

function useCrumbList(): readonly Crumb[] {
  const t = useT(appMessages);
  const words = useLocalized();
  const { platform, slug } = useArea();
  const project = useProjectName();
  const place = usePlace();
  const extra = useExtraCrumbs();
  const crumbs: Crumb[] = [];
  if (place) {
    if (platform) crumbs.push({ name: t("nav.platform"), to: "/admin" });
    else if (project) crumbs.push({ name: project, to: address({ scope: "project", path: "" }, slug) });
    crumbs.push({ name: words(place.label), to: address(place, slug) });
  }
  return [...crumbs, ...extra.map((name) => ({ name }))];
}

export function Crumbs() {
  const t = useT(appMessages);
  const crumbs = useCrumbList();
  return (
    <nav aria-label={t("crumbs")} className={`only-large ${styles.crumbs}`}>
      <ol>
        {crumbs.map((crumb, index) => {
          const last = index === crumbs.length - 1;
          return (
            <li key={`${index}${crumb.name}`}>
              {crumb.to && !last ? <Link to={crumb.to}>{crumb.name}</Link> : <span aria-current={last ? "page" : undefined} className="ellipsis">{crumb.name}</span>}
              {!last && <span aria-hidden="true">/</span>}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
