import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { act, render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Suspense, type ReactNode } from "react";
import { createMemoryRouter, RouterProvider } from "react-router";
import { createQueryClient } from "@/app/queryClient";
import { createRoutes } from "@/app/router";
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

/** The whole application at an address, as somebody would open it. */
export async function open(path: string) {
  const user = userEvent.setup();
  const router = createMemoryRouter(createRoutes(), { initialEntries: [path] });
  await act(async () => { render(<Providers><RouterProvider router={router} /></Providers>); });
  return { user, router };
}

/** One component with everything it may need around it. */
export async function show(node: ReactNode, path = "/") {
  const user = userEvent.setup();
  const router = createMemoryRouter([{ path: "*", element: node }], { initialEntries: [path] });
  await act(async () => { render(<Providers><RouterProvider router={router} /></Providers>); });
  return { user, router };
}
