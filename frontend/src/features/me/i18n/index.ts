import { defineMessages } from "@/lib/i18n";

export const meMessages = defineMessages({ en: () => import("./en"), fr: () => import("./fr") });
