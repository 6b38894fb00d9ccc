/** Codes that the road speaks and the screens have words for. An unknown code is shown as it came. */

export const RULES = [
  "line_count",
  "lane_statistics",
  "red_light",
  "stop_line_overrun",
  "wrong_way",
  "speeding",
  "section_speed",
  "wrong_lane",
  "solid_line",
  "prohibited_turn",
  "no_entry",
  "illegal_stopping",
  "not_yielding",
  "no_helmet",
  "too_many_riders",
  "stopped_vehicle",
  "congestion",
  "sudden_slowdown",
  "collision_suspicion",
  "pedestrian_on_carriageway",
  "intrusion",
  "loitering",
  "crowding",
  "abandoned_object",
] as const;
export type RuleId = (typeof RULES)[number];

export const CLASSES = ["person", "bicycle", "motorcycle", "car", "bus", "truck", "object"] as const;
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
  "red_for_s",
  "grace_s",
  "proceed_box_sizes",
  "proceeded_after_s",
  "crossed_before_s",
  "after_overrun",
  "stood_s",
  "beyond_box_sizes",
  "limit_kmh",
  "tolerance_kmh",
  "measurements",
  "speed_kmh",
  "uncertainty_kmh",
  "excess_kmh",
  "certain_excess_kmh",
  "from",
  "to",
  "length_m",
  "travel_s",
  "movement",
  "kind",
  "took_s",
  "within_s",
  "depth_box_sizes",
  "act",
  "free_s",
  "around",
  "passed_by",
  "stop_s",
  "park_s",
  "queue_s",
  "vehicles",
  "standing",
  "queue_m",
  "queue_ratio",
  "min_vehicles",
  "min_s",
  "other_track",
  "other_class",
  "impact_sizes",
  "closing_sizes",
  "speed_before_kmh",
  "other_speed_before_kmh",
  "stayed_s",
  "stay_s",
  "from_kmh",
  "deceleration_mps2",
  "uncertainty_mps2",
  "limit_mps2",
  "over_s",
  "riders",
  "allowed",
  "sightings",
  "sightings_with_more",
  "sightings_bare",
  "bare_heads",
  "min_share",
  "absent_s",
  "bridge_s",
  "people",
  "most_people",
  "lasted_s",
  "fewer_s",
  "min_people",
  "alone_s",
  "owners",
  "owners_out_of_sight",
  "away_box_sizes",
  "allowed_riders",
  "in_lane_s",
  "inside_s",
  "closed_to",
  "person_track",
  "gap_person_box_sizes",
  "person_before_s",
  "pace_box_sizes_per_s",
] as const;
export type FactKey = (typeof FACTS)[number];

export const ZONE_KINDS = [
  "carriageway",
  "restricted",
  "presence",
  "junction",
  "crossing",
  "no_stopping",
  "no_entry",
] as const;
export type ZoneKind = (typeof ZONE_KINDS)[number];

export const DIRECTIONS = ["forward", "backward"] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** What a signal head shows. `unknown` never makes a violation. */
export const SIGNAL_STATES = ["red", "red_yellow", "yellow", "green", "flashing_yellow", "off", "unknown"] as const;
export type SignalState = (typeof SIGNAL_STATES)[number];

export const TURN_KINDS = ["left", "right", "straight", "u_turn"] as const;
export type TurnKind = (typeof TURN_KINDS)[number];

export const STOP_ACTS = ["stopping", "parking"] as const;
export type StopAct = (typeof STOP_ACTS)[number];

/** Why a vehicle may stand where it stands. */
export const AROUND = ["ahead", "signal", "group", "unseen", "none"] as const;
export type Around = (typeof AROUND)[number];

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
