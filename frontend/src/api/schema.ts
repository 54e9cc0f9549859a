// What openapi-fetch reads: the generated routes, and those the document does not have yet.
import type { Component } from "./models";
import type { paths as Generated } from "./schema.gen";

interface Answer<R> { headers: Record<string, unknown>; content: { "application/json": R } }
interface Read<R> { parameters: { path?: never; query?: never; header?: never }; responses: { 200: Answer<R> } }

interface Missing {
  "/api/v1/platform/health": { get: Read<{ components: Component[]; versions: Record<string, string> }> };
}

export type paths = Generated & Omit<Missing, keyof Generated>;
