import { defineMessages } from "@/lib/i18n";

export const catalogMessages = defineMessages({ en: () => import("./en"), fr: () => import("./fr") });
