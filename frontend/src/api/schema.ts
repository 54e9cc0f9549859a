// What openapi-fetch reads: the routes of the portal's OpenAPI document.
export type { paths } from "./schema.gen";
