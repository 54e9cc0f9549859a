import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { Outlet, useLocation, useNavigate } from "react-router";
import { useConfig } from "@/api/session";
import { useT } from "@/lib/i18n";
import { SkeletonLines } from "@/ui/Skeleton";
import { Boundary } from "../Boundary";
import { useServerEvents } from "../events";
import { appMessages } from "../i18n";
import { address, useArea, useShownPlaces } from "../places";
import { Bars } from "./Bars";
import { SideNav, TabBar } from "./Nav";
import styles from "./Shell.module.css";
import { Top } from "./Top";
import { useHotkeys } from "./useHotkeys";

const Palette = lazy(() => import("./Palette"));
const KeyboardHelp = lazy(() => import("./KeyboardHelp"));

/** After a change of page the focus goes to its heading; the first page leaves it alone. */
function useFocusOnNavigation() {
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    scrollTo(0, 0);
    (main.current?.querySelector<HTMLElement>("h1") ?? main.current)?.focus({ preventScroll: true });
  }, [pathname]);
  return main;
}

export function Shell() {
  const t = useT(appMessages);
  const navigate = useNavigate();
  const { slug } = useArea();
  const places = useShownPlaces();
  const main = useFocusOnNavigation();
  const [overlay, setOverlay] = useState<"palette" | "help" | "new" | null>(null);
  const close = () => setOverlay(null);
  useServerEvents(useConfig().events_url);
  useHotkeys({
    onPalette: () => setOverlay("palette"),
    onHelp: () => setOverlay("help"),
    onNew: () => setOverlay("new"),
    onFilter: () => main.current?.querySelector<HTMLElement>("[data-filter]")?.focus(),
    onGo: (key) => {
      const place = places.find((candidate) => candidate.key === key);
      if (place) void navigate(address(place, slug));
    },
  });
  return (
    <div className={styles.app}>
      <a href="#main" className={styles.skip}>{t("skip")}</a>
      <Bars />
      <SideNav />
      <Top newOpen={overlay === "new"} onNew={(open) => setOverlay(open ? "new" : null)}
        onSearch={() => setOverlay("palette")} onHelp={() => setOverlay("help")} />
      <main id="main" ref={main} tabIndex={-1} className={styles.main}>
        <Boundary><Suspense fallback={<SkeletonLines lines={5} />}><Outlet /></Suspense></Boundary>
      </main>
      <TabBar />
      <Suspense fallback={null}>
        {overlay === "palette" && <Palette onClose={close} onHelp={() => setOverlay("help")} />}
        {overlay === "help" && <KeyboardHelp onClose={close} />}
      </Suspense>
    </div>
  );
}
