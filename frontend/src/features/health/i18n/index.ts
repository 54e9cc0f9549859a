import { defineMessages } from "@/lib/i18n";

export const healthMessages = defineMessages({ en: () => import("./en"), fr: () => import("./fr") });
