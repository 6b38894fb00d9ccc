/** One camera on the wall. */

import { Link } from "react-router";
import type { CameraView } from "../api/types";
import { decimal } from "../domain/figures";
import { useI18n } from "../i18n";
import { Icon } from "../shell/icons";
import { age } from "../time/format";
import styles from "./CameraTile.module.css";
import { Screen } from "./Screen";
import { StateChip } from "./StateChip";
import { frameAge, shownState } from "./status";

interface Props {
  camera: CameraView;
  now: Date;
  readAt: number;
  connected: boolean;
}

export function CameraTile({ camera, now, readAt, connected }: Props) {
  const { t } = useI18n();
  const readAgeS = Math.max(0, (now.getTime() - readAt) / 1000);
  const seconds = frameAge(camera, readAgeS);
  const state = shownState(camera, readAgeS);
  const degraded = state === "degraded" && camera.reason !== "none";
  return (
    <article className={styles.tile} data-state={state} data-camera={camera.camera}>
      <Screen camera={camera} now={now} readAt={readAt} connected={connected} />
      <div className={styles.head}>
        <h2 className={styles.name}>
          <Link to={`/cameras/${encodeURIComponent(camera.camera)}`}>{camera.name}</Link>
        </h2>
        <StateChip state={state} />
      </div>
      {degraded && (
        <p className={styles.fault}>
          <Icon name="warning" size={16} />
          <span>
            {t.reasons[camera.reason].what}. {t.reasons[camera.reason].todo}
          </span>
        </p>
      )}
      <dl className={styles.figures}>
        <div>
          <dt>{t.cameras.fps}</dt>
          <dd>{state === "offline" ? "0" : decimal(camera.fps, t)}</dd>
        </div>
        <div>
          <dt>{t.cameras.lastFrame}</dt>
          <dd>{seconds === null ? t.common.none : t.cameras.ago(age(seconds, t))}</dd>
        </div>
        <div>
          <dt>{t.cameras.alertsToday}</dt>
          <dd>{camera.events_today.violation + camera.events_today.incident}</dd>
        </div>
      </dl>
      <Counts camera={camera} />
    </article>
  );
}

/** Figures per line and direction; counts are never alerts. */
export function Counts({ camera }: { camera: CameraView }) {
  const { t } = useI18n();
  const named = (direction: string) => (direction in t.directions ? t.directions[direction as keyof typeof t.directions] : direction);
  const lines = Object.entries(camera.counts_today).flatMap(([line, directions]) =>
    Object.entries(directions).map(([direction, count]) => [`${line} → ${named(direction)}`, count] as const),
  );
  if (lines.length === 0) return null;
  return (
    <dl className={styles.counts} aria-label={t.cameras.countsToday}>
      {lines.map(([line, count]) => (
        <div key={line}>
          <dt>{line}</dt>
          <dd>{count}</dd>
        </div>
      ))}
    </dl>
  );
}
