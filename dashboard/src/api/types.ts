/** Shapes of the centre's API (docs/reference/api.md). Times are UTC text, boxes and points 0..1. */

export type Role = "officer" | "operator" | "engineer" | "admin";
export type Kind = "violation" | "incident" | "count";
export type AlertKind = Exclude<Kind, "count">;
export type EventState = "new" | "confirmed" | "rejected";
export type Decision = "confirmed" | "rejected";
export type CameraState = "starting" | "online" | "degraded" | "offline";
export type Reason =
  | "none"
  | "connecting"
  | "bad_address"
  | "name_not_found"
  | "refused"
  | "unreachable"
  | "timeout"
  | "wrong_password"
  | "not_found"
  | "not_rtsp"
  | "no_video"
  | "codec"
  | "stalled"
  | "ended"
  | "corrupt"
  | "packet_loss"
  | "resolution_changed"
  | "black"
  | "frozen"
  | "file_missing"
  | "node_silent"
  | "internal";

export type Permission =
  | "event:read"
  | "camera:read"
  | "media:read"
  | "violation:decide"
  | "incident:decide"
  | "node:manage"
  | "person:manage";

export interface Person {
  id: string;
  username: string;
  name: string;
  role: Role;
  active: boolean;
  /** Cameras that may be seen; null: all of them. */
  cameras: string[] | null;
  permissions: Permission[];
}

export interface Session {
  csrf: string;
  expires_at: string;
  person: Person;
}

export interface TimeQuality {
  source: "rtcp" | "arrival" | "file";
  uncertainty_ms: number;
}

export interface PathPoint {
  offset_s: number;
  x: number;
  y: number;
}

export type Box = [number, number, number, number];

export interface EventData {
  kind: Kind;
  node: string;
  camera: string;
  rule: { id: string; version: number };
  scene_version: number;
  model_sha256: string | null;
  track: { id: string; class_name: string; confidence: number; riders: number } | null;
  image: { width: number; height: number };
  box: Box | null;
  path: PathPoint[];
  where: string | null;
  judged_at: string;
  facts: Record<string, unknown>;
  time_quality: TimeQuality;
}

export type FileRole =
  | "still_before"
  | "still_at"
  | "still_after"
  | "crop"
  | "clip"
  | "clip_derived"
  | "manifest"
  | "signature";

export interface EvidenceFile {
  name: string;
  role: FileRole;
  media_type: string;
  size: number;
  sha256: string;
  /** null while the file is on its way. */
  url: string | null;
  derived_from: string | null;
}

export interface Evidence {
  state: "none" | "on_its_way" | "complete" | "incomplete";
  verified: boolean | null;
  problem: string | null;
  manifest_sha256: string | null;
  signed_by: string | null;
  notes: string[];
  files: EvidenceFile[];
}

export interface EventView {
  id: string;
  type: string;
  kind: Kind;
  rule: string;
  rule_version: number;
  camera: { id: string; name: string };
  node: string;
  time: string;
  received_at: string;
  sequence: number;
  state: EventState;
  version: number;
  decision: { decision: Decision; reason: string | null; by: string; at: string } | null;
  evidence: Evidence;
  still_url: string | null;
  data: EventData;
}

export interface CameraView {
  camera: string;
  name: string;
  address: string;
  state: CameraState;
  reason: Reason;
  detail: string;
  since: string;
  fps: number;
  analysed_fps: number;
  last_frame_at: string | null;
  frames: number;
  dropped: number;
  gaps: number;
  reconnects: number;
  width: number;
  height: number;
  codec: string;
  black: boolean;
  frozen: boolean;
  scene_version: number;
  time_quality: TimeQuality | null;
  node: string;
  node_seen_at: string | null;
  last_frame_age_s: number | null;
  events_today: { violation: number; incident: number; count: number };
  counts_today: Record<string, number>;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}
