import "@mantine/core/styles/default-css-variables.css";
import "@/ui/theme/fonts.css";
import "@/ui/theme/tokens.css";
import "@/ui/theme/base.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { BrowserRouter } from "react-router";
import { LiveRegion } from "@/ui/LiveRegion";
import { theme, resolver } from "@/ui/theme/theme";
import { Toasts } from "@/ui/Toasts";
import { createQueryClient } from "./queryClient";
import { Routes } from "./router";
import { schemeManager } from "./useTheme";

const queries = createQueryClient();

export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={resolver} defaultColorScheme="auto" colorSchemeManager={schemeManager}>
      <QueryClientProvider client={queries}>
        <BrowserRouter><Routes /></BrowserRouter>
        <Toasts />
        <LiveRegion />
      </QueryClientProvider>
    </MantineProvider>
  );
}
