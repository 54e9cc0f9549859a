import { createElement, Suspense } from "react";
import { Navigate, Outlet, useLocation, useRoutes, type RouteObject } from "react-router";
import type { Scope } from "@/ui/feature";
import { Boundary } from "./Boundary";
import { Gate } from "./Gate";
import { Home, PlatformGate, PlatformHome } from "./Home";
import { NotFoundPage } from "./NotFoundPage";
import { PAGES, lazyPage } from "./pages";
import { address, useCurrentProject } from "./places";
import { ProjectGate } from "./ProjectGate";
import { Shell } from "./shell/Shell";

// Plain routes and no data router: pages fetch with TanStack Query, and its loaders, actions and
// fetchers would cost the first visit 20 kB.

const routesOf = (scope: Scope): RouteObject[] =>
  PAGES.filter((entry) => entry.scope === scope).map((entry) => {
    const element = createElement(lazyPage(entry));
    return entry.path ? { path: entry.path, element } : { index: true, element };
  });

const notFound: RouteObject = { path: "*", element: <NotFoundPage /> };

/** An address without its project, such as the hub's way back to /notebooks: the current project's. */
function InProject() {
  const slug = useCurrentProject();
  const { pathname, search } = useLocation();
  return <Navigate replace to={slug ? address({ scope: "project", path: pathname.slice(1) }, slug) + search : "/"} />;
}

const ROUTES: RouteObject[] = [
  {
    element: <Boundary><Suspense fallback={null}><Outlet /></Suspense></Boundary>,
    children: [
      ...routesOf("public"),
      {
        element: <Gate><Shell /></Gate>,
        children: [
          { index: true, element: <Home /> },
          { path: "notebooks/*", element: <InProject /> },
          ...routesOf("root"),
          { path: "p/:project", element: <ProjectGate />, children: [...routesOf("project"), notFound] },
          { path: "admin", element: <PlatformGate />, children: [{ index: true, element: <PlatformHome /> }, ...routesOf("platform"), notFound] },
          notFound,
        ],
      },
    ],
  },
];

export const Routes = () => useRoutes(ROUTES);
