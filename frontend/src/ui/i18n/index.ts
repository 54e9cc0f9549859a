import { defineMessages } from "@/lib/i18n";

export const uiMessages = defineMessages({ en: () => import("./en"), fr: () => import("./fr") });
