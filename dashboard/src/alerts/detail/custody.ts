/** What can be said about the evidence, from what the centre itself checked. */

import type { Evidence } from "../../api/types";
import type { Messages } from "../../i18n/vi";

export type Tone = "ok" | "wait" | "warn" | "bad" | "none";

export interface Proof {
  tone: Tone;
  words: string;
  /** More to read: the problem, or what is missing. */
  details: readonly string[];
}

export function proofOf(evidence: Evidence, t: Messages): Proof {
  const problem = evidence.problem ? [evidence.problem] : [];
  if (evidence.state === "none") return { tone: "none", words: t.detail.noEvidence, details: [] };
  if (evidence.verified === false) return { tone: "bad", words: t.detail.notVerified, details: [...problem, ...evidence.notes] };
  if (evidence.state === "on_its_way") return { tone: "wait", words: t.detail.waiting, details: [t.detail.waitingHint, ...problem] };
  if (evidence.state === "incomplete") {
    const proved = evidence.verified ? [t.detail.verified] : [];
    return { tone: "warn", words: t.detail.incomplete, details: [...problem, ...evidence.notes, ...proved] };
  }
  if (evidence.verified === null) return { tone: "wait", words: t.detail.unchecked, details: problem };
  return { tone: "ok", words: t.detail.verified, details: evidence.notes };
}
