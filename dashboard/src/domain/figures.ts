/** Figures as people of the screen's language write them. */

import type { Messages } from "../i18n/vi";

/** `6.25` → `6,3` in Vietnamese, `6.3` in English. */
export function decimal(value: number, t: Messages): string {
  return value.toFixed(1).replace(".", t.decimalMark);
}
