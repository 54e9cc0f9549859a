import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { act, render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Suspense, useLayoutEffect, type ReactNode } from "react";
import { MemoryRouter, useLocation, type Location } from "react-router";
import { createQueryClient } from "@/app/queryClient";
import { Routes } from "@/app/router";
import { LiveRegion } from "@/ui/LiveRegion";
import { Toasts } from "@/ui/Toasts";

function Providers({ children }: { readonly children: ReactNode }) {
  const client = createQueryClient();
  client.setDefaultOptions({ queries: { retry: false } });
  return (
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <Suspense fallback={null}>{children}</Suspense>
        <Suspense fallback={null}><Toasts /></Suspense>
        <LiveRegion />
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** Where the application is, for a test to look at. */
interface Where { readonly state: { location: Location } }

function Watch({ onMove }: { readonly onMove: (location: Location) => void }) {
  const location = useLocation();
  useLayoutEffect(() => onMove(location));
  return null;
}

async function at(path: string, node: ReactNode) {
  const user = userEvent.setup();
  const router: Where = { state: { location: { pathname: "", search: "", hash: "", key: "", state: null } as Location } };
  await act(async () => {
    // Without transitions: one that suspends inside React's act() is never taken up again.
    render(<Providers><MemoryRouter useTransitions={false} initialEntries={[path]}>{node}<Watch onMove={(location) => { router.state.location = location; }} /></MemoryRouter></Providers>);
  });
  return { user, router };
}

/** The whole application at an address, as somebody would open it. */
export const open = (path: string) => at(path, <Routes />);

/** One component with everything it may need around it. */
export const show = (node: ReactNode, path = "/") => at(path, node);
