import { colorsTuple, createTheme, type CSSVariablesResolver } from "@mantine/core";

// Mantine's components take their colours from tokens.css too: one set of colours, light and dark.
export const theme = createTheme({
  fontFamily: "var(--font)",
  fontFamilyMonospace: "var(--mono)",
  headings: { fontFamily: "var(--font)", fontWeight: "600" },
  fontSizes: { xs: "12px", sm: "13px", md: "13.5px", lg: "15px", xl: "20px" },
  lineHeights: { xs: "17px", sm: "20px", md: "20px" },
  spacing: { xs: "8px", sm: "12px", md: "16px", lg: "20px", xl: "24px" },
  radius: { xs: "4px", sm: "6px", md: "7px", lg: "10px", xl: "14px" },
  defaultRadius: "md",
  colors: { petrol: colorsTuple("var(--accent)") },
  primaryColor: "petrol",
  cursorType: "pointer",
  respectReducedMotion: true,
});

const variables = {
  "--mantine-color-body": "var(--surface)",
  "--mantine-color-text": "var(--ink)",
  "--mantine-color-bright": "var(--ink)",
  "--mantine-color-dimmed": "var(--ink-3)",
  "--mantine-color-anchor": "var(--accent)",
  "--mantine-color-placeholder": "var(--ink-3)",
  "--mantine-color-error": "var(--bad)",
  "--mantine-color-default": "var(--surface)",
  "--mantine-color-default-hover": "var(--hover)",
  "--mantine-color-default-color": "var(--ink)",
  "--mantine-color-default-border": "var(--control)",
  "--mantine-color-disabled": "var(--still-bg)",
  "--mantine-color-disabled-color": "var(--ink-3)",
  "--mantine-color-disabled-border": "var(--line-2)",
  "--mantine-primary-color-filled": "var(--accent)",
  "--mantine-primary-color-contrast": "var(--accent-ink)",
};

export const resolver: CSSVariablesResolver = () => ({ variables: {}, light: variables, dark: variables });
