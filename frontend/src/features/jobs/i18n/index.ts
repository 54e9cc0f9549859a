import { defineMessages } from "@/lib/i18n";

export const jobsMessages = defineMessages({ en: () => import("./en"), fr: () => import("./fr") });
