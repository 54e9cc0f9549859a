import { defineMessages } from "@/lib/i18n";

export const projectsMessages = defineMessages({ en: () => import("./en"), fr: () => import("./fr") });
