import { defineMessages } from "@/lib/i18n";

export const appMessages = defineMessages({ en: () => import("./en"), fr: () => import("./fr") });
