import { localStorageColorSchemeManager, useMantineColorScheme } from "@mantine/core";
import { useCallback } from "react";
import type { Theme } from "@/api";

/** The same key as public/assets/theme.js reads before the first paint. */
export const schemeManager = localStorageColorSchemeManager({ key: "atelier.theme" });

export function useTheme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const set = useCallback((theme: Theme) => setColorScheme(theme === "system" ? "auto" : theme), [setColorScheme]);
  const theme: Theme = colorScheme === "auto" ? "system" : colorScheme;
  return { theme, set };
}
