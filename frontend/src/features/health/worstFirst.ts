import type { Component } from "@/api";

const HARM = { down: 0, degraded: 1, ok: 2 } as const;

/** What needs attention first, the rest as the portal lists it. */
export const worstFirst = (components: readonly Component[]): Component[] =>
  [...components].sort((a, b) => HARM[a.state] - HARM[b.state]);
