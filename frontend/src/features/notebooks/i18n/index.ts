import { defineMessages } from "@/lib/i18n";

export const notebooksMessages = defineMessages({ en: () => import("./en"), fr: () => import("./fr") });
