/** Codes that the road speaks and the screens have words for. An unknown code is shown as it came. */

export const RULES = [
  "line_count",
  "wrong_way",
  "stopped_vehicle",
  "pedestrian_on_carriageway",
  "intrusion",
] as const;
export type RuleId = (typeof RULES)[number];

export const CLASSES = ["person", "bicycle", "motorcycle", "car", "bus", "truck"] as const;
export type ClassName = (typeof CLASSES)[number];

export const FACTS = [
  "dwell_s",
  "against_s",
  "travel_box_sizes",
  "image_angle_deg",
  "zone_kind",
  "direction",
  "label",
  "interval_s",
] as const;
export type FactKey = (typeof FACTS)[number];

export const ZONE_KINDS = ["carriageway", "restricted", "presence"] as const;
export type ZoneKind = (typeof ZONE_KINDS)[number];

export const DIRECTIONS = ["forward", "backward"] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** Why an officer turns an alert down. The code is stored, so that rejections can be counted per rule and camera. */
export const REJECT_CODES = [
  "no_act",
  "wrong_object",
  "unclear",
  "permitted",
  "obstructed",
  "duplicate",
  "other",
] as const;
export type RejectCode = (typeof REJECT_CODES)[number];

/** Words for a code, or the code itself when there are none yet. */
export function wordsFor(table: Readonly<Record<string, string>>, code: string): string {
  return Object.hasOwn(table, code) ? (table[code] ?? code) : code;
}
