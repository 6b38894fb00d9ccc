/** The clip: the copy made for browsers where there is one, else the camera's original. */

import { useState } from "react";
import type { EventView } from "../../api/types";
import { useI18n } from "../../i18n";
import controls from "../../styles/controls.module.css";
import styles from "./ClipPlayer.module.css";
import { clipOf, isOnItsWay } from "./pictures";

export function ClipPlayer({ event }: { event: EventView }) {
  const { t } = useI18n();
  const [tried, setTried] = useState(0);
  const clip = clipOf(event);
  if (!clip || clip.sources.length === 0) {
    return <p className={styles.word}>{isOnItsWay(event) ? t.detail.waitingHint : t.detail.missing}</p>;
  }
  const source = clip.sources[tried];
  const original = clip.original.url;
  if (!source) {
    return (
      <div className={styles.word} role="alert">
        <p>{t.detail.cannotPlay}</p>
        {original && (
          <a className={controls.button} href={original} download={clip.original.name}>
            {t.detail.download}
          </a>
        )}
      </div>
    );
  }
  return (
    <>
      {/* Clips are played without sound: there is nothing to caption. */}
      <video
        key={source.url}
        className={styles.video}
        src={source.url}
        controls
        muted
        loop
        autoPlay
        playsInline
        aria-label={t.detail.clip}
        onError={() => setTried(tried + 1)}
        data-testid="clip"
      />
      {source.derived && <p className={styles.derived}>{t.detail.derived}</p>}
    </>
  );
}
