import { defineMessages } from "@/lib/i18n";

export const partsMessages = defineMessages({ en: () => import("./en"), fr: () => import("./fr") });
