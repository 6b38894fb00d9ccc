/** What may be shown of a camera: a picture only while it is live, in words otherwise. */

import type { CameraState, CameraView } from "../api/types";

/** Older than this, a picture no longer counts as live (a stall is seen by the node within 5 s). */
export const LIVE_WITHIN_S = 8;

export type Picture = "live" | "stale" | "offline" | "disconnected" | "starting";

/** `readAgeS`: seconds since this camera's state was read from the centre. */
export function pictureOf(camera: CameraView, readAgeS: number, connected: boolean): Picture {
  if (!connected) return "disconnected";
  if (camera.state === "offline") return "offline";
  if (camera.state === "starting") return "starting";
  const age = frameAge(camera, readAgeS);
  return age === null || age > LIVE_WITHIN_S ? "stale" : "live";
}

/** State to show: a camera whose frames stopped is not on air, whatever was last said of it. */
export function shownState(camera: CameraView, readAgeS: number): CameraState {
  const claimsPictures = camera.state === "online" || camera.state === "degraded";
  return claimsPictures && pictureOf(camera, readAgeS, true) === "stale" ? "offline" : camera.state;
}

/** Age of the newest frame now, in seconds; null when there was none. */
export function frameAge(camera: CameraView, readAgeS: number): number | null {
  return camera.last_frame_age_s === null ? null : camera.last_frame_age_s + readAgeS;
}

/** Keeps the order that is on the screen while somebody points at it; new cameras come last. */
export function keepOrder(shown: readonly string[], cameras: readonly CameraView[]): CameraView[] {
  const place = new Map(shown.map((id, index) => [id, index]));
  const rank = (camera: CameraView) => place.get(camera.camera) ?? shown.length;
  return [...cameras].sort((a, b) => rank(a) - rank(b));
}
