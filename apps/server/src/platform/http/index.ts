/** The door of platform/http. */
export { ApiError } from './api-error.js';
export { type Committed, commitOrThrow } from './commit.js';
export { decodeCursor, encodeCursor, pageOf } from './cursor.js';
export { PAGE_HEADERS } from './headers.js';
export { DEFAULT_LIMITS, type Limits } from './limits.js';
export { openApi } from './openapi.js';
export { orAsBefore } from './repeat.js';
export { API_PREFIX, type Authenticate } from './routes.js';
export { createHttp, type Http, type HttpOptions } from './server.js';
export { digest } from './text.js';
export type {
  Access,
  Answer,
  Api,
  Command,
  Handled,
  Handler,
  RawAnswer,
  RawResponse,
  Route,
  RouteOptions,
  Session,
  SessionTenant,
} from './types.js';
