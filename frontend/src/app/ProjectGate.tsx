import { lazy, Suspense, useEffect } from "react";
import { Navigate, Outlet, useParams } from "react-router";
import { hasStatus } from "@/api";
import { isUnsettled, useMyProject, useProject } from "@/api/projects";
import { useT } from "@/lib/i18n";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { SkeletonLines } from "@/ui/Skeleton";
import { toast } from "@/ui/toast";
import { appMessages } from "./i18n";
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

/** It was being deleted and cannot be found any more: that is no error. */
function Gone({ name }: { readonly name: string }) {
  const t = useT(appMessages);
  useEffect(() => toast(t("project.gone", { name })), [name, t]);
  return <Navigate replace to="/projects" />;
}

export function ProjectGate() {
  const { project = "" } = useParams();
  const { data, error } = useProject(project);
  const mine = useMyProject(project);
  useEffect(() => {
    if (mine) rememberProject(mine.slug);
  }, [mine]);
  if (data?.deleted_at && hasStatus(error, 404)) return <Gone name={data.name} />;
  return <><Ground slug={project} />{mine ? <Outlet /> : <Foreign key={project} slug={project} />}</>;
}
