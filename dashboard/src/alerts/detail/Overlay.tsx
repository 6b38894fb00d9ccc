/** Path and box of the road user, drawn over the picture at the act. Coordinates come 0..1 and are drawn in pixels. */

import type { EventData } from "../../api/types";
import styles from "./Overlay.module.css";

export function Overlay({ data, label }: { data: EventData; label: string }) {
  const { width, height } = data.image;
  const stroke = Math.max(width, height) / 320;
  const points = data.path.map((point) => [point.x * width, point.y * height] as const);
  const line = points.map(([x, y]) => `${round(x)},${round(y)}`).join(" ");
  const last = points.at(-1);
  return (
    <svg className={styles.overlay} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label} data-testid="overlay">
      {points.length > 1 && (
        <>
          <polyline points={line} className={styles.under} strokeWidth={stroke * 2.8} />
          <polyline points={line} className={styles.path} strokeWidth={stroke * 1.5} />
        </>
      )}
      {last && <circle cx={last[0]} cy={last[1]} r={stroke * 3} className={styles.end} strokeWidth={stroke} />}
      {data.box && <BoxShape box={data.box} width={width} height={height} stroke={stroke} />}
    </svg>
  );
}

function BoxShape({ box, width, height, stroke }: { box: NonNullable<EventData["box"]>; width: number; height: number; stroke: number }) {
  const [x1, y1, x2, y2] = box;
  const shape = { x: x1 * width, y: y1 * height, width: Math.max(0, x2 - x1) * width, height: Math.max(0, y2 - y1) * height };
  return (
    <>
      <rect {...shape} className={styles.under} strokeWidth={stroke * 2.8} />
      <rect {...shape} className={styles.box} strokeWidth={stroke * 1.5} />
    </>
  );
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
