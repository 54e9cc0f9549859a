export { api, body, idempotencyKey, versioned, type Versioned } from "./client";
export { ApiError, UNREACHABLE, fieldError, hasStatus, isApiError } from "./errors";
export type * from "./models";
