/** Which part of a still a thumbnail shows: the road user with the road around it, not the whole junction. */

import type { Box } from "../api/types";

/** The road user takes about this share of the thumbnail's height or width. */
const SHARE = 0.42;
const MAX_ZOOM = 4;

export interface Focus {
  scale: number;
  /** Where the picture is held while it grows, per cent of its width and height. */
  originX: number;
  originY: number;
}

/** The whole picture when nothing is known of the place. */
export function focusOf(box: Box | null): Focus {
  if (!box) return { scale: 1, originX: 50, originY: 50 };
  const [x1, y1, x2, y2] = box.map(withinPicture) as Box;
  const size = Math.max(x2 - x1, y2 - y1, 0.01);
  const scale = Math.min(MAX_ZOOM, Math.max(1, SHARE / size));
  return { scale, originX: origin((x1 + x2) / 2, scale), originY: origin((y1 + y2) / 2, scale) };
}

/**
 * Origin at which growing by `scale` brings `centre` into the middle, kept so that no edge comes into sight.
 * A point p goes to o + (p - o) * scale; that is 0.5 for o = (centre * scale - 0.5) / (scale - 1).
 */
function origin(centre: number, scale: number): number {
  if (scale <= 1) return 50;
  return withinPicture((centre * scale - 0.5) / (scale - 1)) * 100;
}

function withinPicture(share: number): number {
  return Math.min(1, Math.max(0, share));
}
