import { defineMessages } from "@/lib/i18n";

export const usersMessages = defineMessages({ en: () => import("./en"), fr: () => import("./fr") });
