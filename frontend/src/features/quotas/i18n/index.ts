import { defineMessages } from "@/lib/i18n";

export const quotasMessages = defineMessages({ en: () => import("./en"), fr: () => import("./fr") });
