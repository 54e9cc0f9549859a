import { defineMessages } from "@/lib/i18n";

export const auditMessages = defineMessages({ en: () => import("./en"), fr: () => import("./fr") });
