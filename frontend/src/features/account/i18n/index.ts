import { defineMessages } from "@/lib/i18n";

export const accountMessages = defineMessages({ en: () => import("./en"), fr: () => import("./fr") });
