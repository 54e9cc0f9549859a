import "@mantine/core/styles/default-css-variables.css";
import "@/ui/theme/fonts.css";
import "@/ui/theme/tokens.css";
import "@/ui/theme/base.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "react-router/dom";
import { LiveRegion } from "@/ui/LiveRegion";
import { theme, resolver } from "@/ui/theme/theme";
import { Toasts } from "@/ui/Toasts";
import { createQueryClient } from "./queryClient";
import { createRouter } from "./router";
import { schemeManager } from "./useTheme";

const queries = createQueryClient();
const router = createRouter();

export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={resolver} defaultColorScheme="auto" colorSchemeManager={schemeManager}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
        <Toasts />
        <LiveRegion />
      </QueryClientProvider>
    </MantineProvider>
  );
}
