/** Made-up answers of the centre for unit tests; each is whole and typed, so that a changed contract fails tsc. */

import type { CameraView, EventView, Evidence, Gap, NodeView } from "../api/types";

export const NO_EVIDENCE: Evidence = {
  state: "none",
  verified: null,
  problem: null,
  manifest_sha256: null,
  signed_by: null,
  notes: [],
  files: [],
};

/** Alert number `n` of a day: a greater number is a later time. */
export function alert(n: number, change: Partial<EventView> = {}): EventView {
  const time = new Date(Date.UTC(2026, 10, 22, 8, 0, n)).toISOString();
  return {
    id: `event-${n}`,
    type: "vn.giaolo.violation.wrong_way.v1",
    kind: "violation",
    rule: "wrong_way",
    rule_version: 1,
    camera: { id: "gate", name: "Cổng" },
    node: "node-1",
    time,
    received_at: time,
    sequence: n,
    state: "new",
    version: 1,
    decision: null,
    evidence: NO_EVIDENCE,
    still_url: null,
    hold: null,
    law: [],
    data: {
      kind: "violation",
      node: "node-1",
      camera: "gate",
      rule: { id: "wrong_way", version: 1 },
      scene_version: 1,
      model_sha256: null,
      track: { id: "7", class_name: "motorcycle", confidence: 0.9, riders: 2 },
      image: { width: 1280, height: 720 },
      box: [0.4, 0.4, 0.5, 0.6],
      path: [],
      signals: [],
      speed: null,
      position: null,
      still_sha256: null,
      where: "lane",
      judged_at: time,
      facts: {},
      time_quality: { source: "rtcp", uncertainty_ms: 12 },
    },
    ...change,
  };
}

export function camera(id: string, change: Partial<CameraView> = {}): CameraView {
  return {
    camera: id,
    name: id,
    address: "rtsp://10.0.0.1/live",
    state: "online",
    reason: "none",
    detail: "",
    since: "2026-11-22T08:00:00.000000Z",
    fps: 25,
    analysed_fps: 8,
    wanted_fps: 5,
    frame_age_p95_s: 0.3,
    last_frame_at: "2026-11-22T08:00:00.000000Z",
    frames: 1,
    dropped: 0,
    gaps: 0,
    reconnects: 0,
    width: 1280,
    height: 720,
    codec: "h264",
    black: false,
    frozen: false,
    scene_version: 1,
    scene_is_default: false,
    time_quality: null,
    latitude: null,
    longitude: null,
    node: "node-1",
    node_seen_at: null,
    last_frame_age_s: 0.5,
    events_today: { violation: 0, incident: 0, count: 0 },
    counts_today: {},
    ...change,
  };
}

export function gap(change: Partial<Gap> = {}): Gap {
  return { outbox: "0a1b2c3d-0", first: 118, last: 120, since: "2026-11-23T07:02:00.000000Z", closed_at: null, acknowledged: null, ...change };
}

export function node(change: Partial<NodeView> = {}): NodeView {
  return {
    node: "node-1",
    seen_at: "2026-11-23T07:05:00.000000Z",
    started_at: "2026-11-23T06:00:00.000000Z",
    version: "0.1.0",
    silent: false,
    outbox_pending: 0,
    outbox_bytes: 0,
    last_sequence: 130,
    faults: [],
    key_problem: null,
    missing: 0,
    gaps: [],
    ...change,
  };
}
