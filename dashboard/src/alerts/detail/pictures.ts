/** Which file stands behind each view of the detail. */

import type { EvidenceFile, EventView } from "../../api/types";

export const VIEWS = ["before", "at", "after", "clip", "crop"] as const;
export type View = (typeof VIEWS)[number];

/** Roles of a package's files (contracts/event.py). */
type FileRole = "still_before" | "still_at" | "still_after" | "crop" | "clip" | "clip_derived";

const ROLES: Record<Exclude<View, "clip">, FileRole> = {
  before: "still_before",
  at: "still_at",
  after: "still_after",
  crop: "crop",
};

function fileOf(event: EventView, role: FileRole): EvidenceFile | null {
  return event.evidence.files.find((file) => file.role === role) ?? null;
}

/** Address of a still; the picture at the act is there before its package is. */
export function stillUrl(event: EventView, view: Exclude<View, "clip">): string | null {
  const url = fileOf(event, ROLES[view])?.url ?? null;
  return view === "at" ? (url ?? event.still_url) : url;
}

export interface Clip {
  original: EvidenceFile;
  /** What to try to play, best first. A derived copy exists only where browsers cannot play the original. */
  sources: readonly { url: string; derived: boolean }[];
}

export function clipOf(event: EventView): Clip | null {
  const original = fileOf(event, "clip");
  if (!original) return null;
  const derived = fileOf(event, "clip_derived");
  const sources = [derived, original]
    .filter((file) => file !== null)
    .flatMap((file) => (file.url === null ? [] : [{ url: file.url, derived: file.role === "clip_derived" }]));
  return { original, sources };
}

/** True while parts of the package may still come. */
export function isOnItsWay(event: EventView): boolean {
  return event.evidence.state === "on_its_way";
}
