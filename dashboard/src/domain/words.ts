/** What happened, in words: the rule, made more exact by what the rule says about the place. */

import type { EventView } from "../api/types";
import type { Messages } from "../i18n/vi";
import { wordsFor } from "./codes";

export function actWords(event: EventView, t: Messages): string {
  if (event.rule === "intrusion" && event.data.facts.zone_kind === "presence") return t.presence;
  return wordsFor(t.rules, event.rule);
}
