import { Suspense } from "react";
import { createBrowserRouter, Navigate, Outlet, useLocation, type RouteObject } from "react-router";
import type { Scope } from "@/ui/feature";
import { CrashPage } from "./CrashPage";
import { Gate } from "./Gate";
import { Home, PlatformHome } from "./Home";
import { NotFoundPage } from "./NotFoundPage";
import { PAGES, loadPage } from "./pages";
import { address, useCurrentProject } from "./places";
import { ProjectGate } from "./ProjectGate";
import { Shell } from "./shell/Shell";

const routesOf = (scope: Scope): RouteObject[] =>
  PAGES.filter((entry) => entry.scope === scope).map((entry) => ({
    ...(entry.path ? { path: entry.path } : { index: true }),
    lazy: () => loadPage(entry),
    errorElement: <CrashPage />,
  } as RouteObject));

const notFound: RouteObject = { path: "*", element: <NotFoundPage /> };

/** An address without its project, such as the hub's way back to /notebooks: the current project's. */
function InProject() {
  const slug = useCurrentProject();
  const { pathname, search } = useLocation();
  return <Navigate replace to={slug ? address({ scope: "project", path: pathname.slice(1) }, slug) + search : "/"} />;
}

export function createRoutes(): RouteObject[] {
  return [
    {
      element: <Suspense fallback={null}><Outlet /></Suspense>,
      errorElement: <CrashPage />,
      hydrateFallbackElement: <div />,
      children: [
        ...routesOf("public"),
        {
          element: <Gate><Shell /></Gate>,
          children: [
            { index: true, element: <Home /> },
            { path: "notebooks/*", element: <InProject /> },
            ...routesOf("root"),
            { path: "p/:project", element: <ProjectGate />, children: [...routesOf("project"), notFound] },
            { path: "admin", children: [{ index: true, element: <PlatformHome /> }, ...routesOf("platform"), notFound] },
            notFound,
          ],
        },
      ],
    },
  ];
}

export const createRouter = () => createBrowserRouter(createRoutes());
