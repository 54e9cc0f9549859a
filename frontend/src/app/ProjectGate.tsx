import { lazy, Suspense, useEffect } from "react";
import { Outlet, useParams } from "react-router";
import { hasStatus } from "@/api";
import { isUnsettled, useMyProject, useProject } from "@/api/projects";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { SkeletonLines } from "@/ui/Skeleton";
import { NotFoundPage } from "./NotFoundPage";
import { rememberProject } from "./places";

const PlaceNotice = lazy(() => import("@/parts/PlaceNotice"));

/** Above every page of a project whose ground is being made or taken away. */
function Ground({ slug }: { readonly slug: string }) {
  const { data } = useProject(slug);
  if (!data || !isUnsettled(data)) return null;
  return <Suspense fallback={null}><div style={{ marginBottom: 16 }}><PlaceNotice project={data} /></div></Suspense>;
}

/** Somebody else's project, seen by an administrator, or not at all. */
function Foreign({ slug }: { readonly slug: string }) {
  const { error, isPending, refetch } = useProject(slug);
  if (isPending) return <SkeletonLines />;
  if (hasStatus(error, 403, 404)) return <NotFoundPage />;
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  return <Outlet />;
}

export function ProjectGate() {
  const { project = "" } = useParams();
  const mine = useMyProject(project);
  useEffect(() => {
    if (mine) rememberProject(mine.slug);
  }, [mine]);
  return <><Ground slug={project} />{mine ? <Outlet /> : <Foreign key={project} slug={project} />}</>;
}
