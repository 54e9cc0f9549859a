import { useEffect, type ReactNode } from "react";
import { Navigate, useLocation } from "react-router";
import { useSession } from "@/api/session";
import type { Me } from "@/api";
import { setTimeZone } from "@/lib/formatTime";
import { setLanguage, useT } from "@/lib/i18n";
import { ErrorNotice } from "@/ui/ErrorNotice";
import { appMessages } from "./i18n";
import { ShellSkeleton } from "./shell/ShellSkeleton";
import { useTheme } from "./useTheme";

/** The reader's own language, theme and time zone, from their profile. */
function usePreferences(user: Me | null | undefined): void {
  const { set } = useTheme();
  useEffect(() => {
    if (!user) return;
    void setLanguage(user.language);
    setTimeZone(user.time_zone);
    set(user.theme);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only when the profile changes
  }, [user?.language, user?.time_zone, user?.theme]);
}

/** Lets signed-in people through; others sign in first and come back to where they were. */
export function Gate({ children }: { readonly children: ReactNode }) {
  const t = useT(appMessages);
  const { data, error, isPending, refetch } = useSession();
  const { pathname, search, hash } = useLocation();
  usePreferences(data?.user);
  if (isPending) return <ShellSkeleton />;
  if (!data) {
    return <div style={{ padding: 24, maxWidth: 560, margin: "10vh auto" }}><ErrorNotice error={error} title={t("gate.failed")} onRetry={() => void refetch()} /></div>;
  }
  if (data.authenticated) return children;
  const here = pathname + search + hash;
  return <Navigate replace to={here === "/" ? "/login" : `/login?next=${encodeURIComponent(here)}`} />;
}
