/** Roles to choose from, and what the centre refuses about people, in words. */

import { ApiError } from "../api/client";
import type { Role } from "../api/types";
import type { Messages } from "../i18n/vi";
import { problemWords } from "../shell/problems";

export const ROLES: readonly Role[] = ["officer", "operator", "engineer", "admin"];

export function peopleProblem(error: Error | null, t: Messages): string {
  if (!(error instanceof ApiError)) return t.problem.server;
  if (error.problem === "username-taken") return t.people.taken;
  if (error.problem === "last-admin") return t.people.lastAdmin;
  if (error.problem === "name-refused") return `${t.problem.invalid} ${error.message}`;
  return problemWords(error, t);
}
