import { Navigate, Outlet } from "react-router";
import { useMe } from "@/api/session";
import { NotFoundPage } from "./NotFoundPage";
import { PLACES, address, mayUse, seesPlatform, useCurrentProject } from "./places";

/** The last project, or what to do without one. */
export function Home() {
  const slug = useCurrentProject();
  return <Navigate replace to={slug ? address({ scope: "project", path: "" }, slug) : "/welcome"} />;
}

/** The first of the platform's pages; for others there is no such place. */
export function PlatformHome() {
  const me = useMe();
  const first = PLACES.find((place) => place.scope === "platform" && mayUse(me, place.audience));
  if (!seesPlatform(me) || !first) return <NotFoundPage />;
  return <Navigate replace to={address(first, undefined)} />;
}

/** The platform's pages do not exist for whoever neither administers nor audits it. */
export function PlatformGate() {
  return seesPlatform(useMe()) ? <Outlet /> : <NotFoundPage />;
}
