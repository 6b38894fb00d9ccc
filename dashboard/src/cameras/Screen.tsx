/** The picture's place on a tile: live, or what is wrong and since when. A stale picture is never shown. */

import type { CameraView } from "../api/types";
import { useI18n } from "../i18n";
import { Icon } from "../shell/icons";
import { age, ageSince, dateTime } from "../time/format";
import { Preview } from "./Preview";
import styles from "./Screen.module.css";
import { frameAge, pictureOf } from "./status";

interface Props {
  camera: CameraView;
  now: Date;
  readAt: number;
  connected: boolean;
}

export function Screen({ camera, now, readAt, connected }: Props) {
  const { t } = useI18n();
  const readAgeS = Math.max(0, (now.getTime() - readAt) / 1000);
  const picture = pictureOf(camera, readAgeS, connected);
  if (picture === "live") {
    return (
      <div className={styles.screen}>
        <Preview id={camera.camera} name={camera.name} />
      </div>
    );
  }
  if (picture === "disconnected") return <Words words={t.cameras.paused} />;
  if (picture === "stale") {
    const seconds = frameAge(camera, readAgeS);
    return <Words words={seconds === null ? t.cameras.noPicture : t.cameras.stalePicture(age(seconds, t))} />;
  }
  return <Fault camera={camera} now={now} />;
}

function Words({ words }: { words: string }) {
  return (
    <div className={`${styles.screen} ${styles.words}`}>
      <Icon name="off" size={28} />
      <p>{words}</p>
    </div>
  );
}

function Fault({ camera, now }: { camera: CameraView; now: Date }) {
  const { t } = useI18n();
  const fault = t.reasons[camera.reason];
  return (
    <div className={`${styles.screen} ${styles.words}`} data-testid="camera-fault">
      <Icon name="off" size={28} />
      <p className={styles.what}>{camera.reason === "none" ? t.cameraStates[camera.state] : fault.what}</p>
      <p className={styles.since}>{t.cameras.since(dateTime(camera.since), ageSince(camera.since, now, t))}</p>
      {fault.todo && <p className={styles.todo}>{fault.todo}</p>}
    </div>
  );
}
