/** What went wrong with a call, in the person's language. The centre's own detail is for logs. */

import { ApiError } from "../api/client";
import type { Messages } from "../i18n/vi";

export function problemWords(error: unknown, t: Messages): string {
  if (!(error instanceof ApiError)) return t.problem.server;
  if (error.status === 0) return t.problem.unreachable;
  if (error.status === 403) return t.problem.forbidden;
  if (error.status === 404) return t.problem.notFound;
  if (error.status === 409 || error.status === 412) return t.problem.conflict;
  if (error.status === 429) return t.access.tooMany(error.retryAfterS ?? 60);
  if (error.status < 500) return t.problem.invalid;
  return t.problem.server;
}
