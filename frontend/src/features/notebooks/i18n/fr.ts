import type { Translation } from "@/lib/i18n";
import type en from "./en";

export default { "title": "x" } as const satisfies Translation<typeof en>;
