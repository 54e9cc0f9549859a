import { defineMessages } from "@/lib/i18n";

export const overviewMessages = defineMessages({ en: () => import("./en"), fr: () => import("./fr") });
