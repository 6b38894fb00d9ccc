/** Reasons for a rejection as they are stored: `code`, `code: own words`. Older or foreign texts are shown as they are. */

import { REJECT_CODES, wordsFor, type RejectCode } from "../../domain/codes";
import type { Messages } from "../../i18n/vi";

export function storedReason(code: RejectCode, words: string): string {
  const own = words.trim();
  return own ? `${code}: ${own}` : code;
}

export function readReason(stored: string, t: Messages): string {
  const [, code = "", own = ""] = /^([a-z_]+)(?:: (.*))?$/s.exec(stored) ?? [];
  if (!REJECT_CODES.some((known) => known === code)) return stored;
  if (code === "other" && own) return own;
  const words = wordsFor(t.rejectReasons, code);
  return own ? `${words}: ${own}` : words;
}

/** Only "another reason" says nothing by itself. */
export function needsWords(code: RejectCode, words: string): boolean {
  return code === "other" && words.trim() === "";
}
