import { useLocation, useParams } from "react-router";
import type { Me } from "@/api";
import { useMe } from "@/api/session";
import { useMyProject, useProject } from "@/api/projects";
import type { Audience, Create, Place } from "@/ui/feature";
import { FEATURES } from "./features";

const LAST = "atelier.project";

const byOrder = (a: { order: number }, b: { order: number }) => a.order - b.order;

export const PLACES: readonly Place[] = FEATURES.flatMap((feature) => feature.places ?? []).sort(byOrder);
export const CREATES: readonly Create[] = FEATURES.flatMap((feature) => feature.creates ?? []).sort(byOrder);

export function mayUse(me: Me, audience: Audience = "everyone"): boolean {
  if (audience === "everyone") return true;
  return me.permissions.platform_admin || (audience === "auditor" && me.permissions.platform_audit);
}

export const seesPlatform = (me: Me): boolean => me.permissions.platform_admin || me.permissions.platform_audit;

/** A link to the platform's pages only where there are some to see. */
export const showsPlatform = (me: Me): boolean =>
  seesPlatform(me) && PLACES.some((place) => place.scope === "platform" && mayUse(me, place.audience));

export function address(item: { readonly scope: string; readonly path: string }, project: string | undefined): string {
  if (item.scope === "platform") return `/admin/${item.path}`;
  if (item.scope === "root") return `/${item.path}`;
  return `/p/${project ?? ""}${item.path ? `/${item.path}` : ""}`;
}

export function rememberProject(slug: string): void {
  try {
    localStorage.setItem(LAST, slug);
  } catch {
    // Then the first project opens next time.
  }
}

function lastProject(): string | null {
  try {
    return localStorage.getItem(LAST);
  } catch {
    return null;
  }
}

/** A project of other people that the address names and the reader may see. */
function useForeign(slug: string | undefined) {
  const mine = useMyProject(slug);
  return useProject(slug ?? "", { enabled: Boolean(slug) && !mine }).data;
}

/**
 * The slug of the project the shell shows: the address's, else the last one, else the first. An
 * address that leads nowhere changes nothing around the page that says so.
 */
export function useCurrentProject(): string | undefined {
  const { project } = useParams();
  const me = useMe();
  const mine = useMyProject(project);
  const foreign = useForeign(project);
  if (mine ?? foreign) return project;
  const last = lastProject();
  return (me.projects.find((candidate) => candidate.slug === last) ?? me.projects[0])?.slug;
}

/** Where the reader is: in a project, or on the platform's own pages. */
export function useArea(): { readonly platform: boolean; readonly slug: string | undefined } {
  const { pathname } = useLocation();
  const slug = useCurrentProject();
  return { platform: /^\/admin(\/|$)/.test(pathname), slug };
}

export function useShownPlaces(): readonly Place[] {
  const me = useMe();
  const { platform, slug } = useArea();
  if (!platform && !slug) return [];
  return PLACES.filter((place) => (place.scope === "platform") === platform && mayUse(me, place.audience));
}

/** The place the address is in: the longest match, so that a page of an object counts too. */
export function usePlace(): Place | undefined {
  const { pathname } = useLocation();
  const { slug } = useArea();
  return PLACES.filter((place) => {
    const to = address(place, slug);
    return place.path === "" ? pathname === to : pathname === to || pathname.startsWith(`${to}/`);
  }).sort((a, b) => b.path.length - a.path.length)[0];
}

export function useProjectName(): string | undefined {
  const { slug } = useArea();
  const mine = useMyProject(slug);
  const foreign = useForeign(slug);
  return (mine ?? foreign)?.name;
}
