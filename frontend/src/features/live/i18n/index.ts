import { defineMessages } from "@/lib/i18n";

export const liveMessages = defineMessages({ en: () => import("./en"), fr: () => import("./fr") });
