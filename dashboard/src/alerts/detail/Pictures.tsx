/** Large picture, and the strip of everything there is to see: before, at, after, clip, close-up. */

import { useState } from "react";
import type { EventView } from "../../api/types";
import { actWords } from "../../domain/words";
import { useI18n } from "../../i18n";
import { useKeys } from "../../keys/useKeys";
import { Icon } from "../../shell/icons";
import { load, save } from "../../shell/storage";
import { ClipPlayer } from "./ClipPlayer";
import { Overlay } from "./Overlay";
import { clipOf, isOnItsWay, stillUrl, VIEWS, type View } from "./pictures";
import styles from "./Pictures.module.css";

export function Pictures({ event }: { event: EventView }) {
  const { t } = useI18n();
  const [view, setView] = useState<View>("at");
  const [drawn, setDrawn] = useState(() => load("overlay") !== "off");
  const draw = (next: boolean) => {
    save("overlay", next ? "on" : "off");
    setDrawn(next);
  };
  useKeys({
    still1: () => setView("before"),
    still2: () => setView("at"),
    still3: () => setView("after"),
    still4: () => setView("clip"),
    overlay: () => draw(!drawn),
  });
  const hasPath = event.data.box !== null || event.data.path.length > 1;
  return (
    <section className={styles.pictures} aria-label={t.detail.pictures}>
      <div className={styles.stage} style={{ aspectRatio: `${event.data.image.width} / ${event.data.image.height}` }}>
        {view === "clip" ? <ClipPlayer event={event} /> : <Still event={event} view={view} />}
        {view === "at" && drawn && <Overlay data={event.data} label={t.detail.pathAlt} />}
      </div>
      <div className={styles.below}>
        <p className={styles.name}>{t.detail[view]}</p>
        {view === "at" && hasPath && (
          <label className={styles.toggle}>
            <input type="checkbox" checked={drawn} onChange={(change) => draw(change.target.checked)} />
            {t.detail.overlay}
          </label>
        )}
      </div>
      <div className={styles.strip}>
        {VIEWS.map((one) => (
          <button
            key={one}
            type="button"
            className={styles.thumb}
            aria-pressed={one === view}
            onClick={() => setView(one)}
            data-view={one}
          >
            <Thumb event={event} view={one} />
            <span className={styles.caption}>{t.detail[one]}</span>
          </button>
        ))}
      </div>
    </section>
  );
}

function Still({ event, view }: { event: EventView; view: Exclude<View, "clip"> }) {
  const { t } = useI18n();
  const url = stillUrl(event, view);
  const [failed, setFailed] = useState<string | null>(null);
  if (url === null || failed === `${url} ${event.evidence.state}`) return <Absent event={event} />;
  const alt = `${t.detail[view]}. ${t.alerts.stillAlt(actWords(event, t), event.camera.name)}`;
  return <img src={url} alt={alt} onError={() => setFailed(`${url} ${event.evidence.state}`)} data-testid="stage-still" />;
}

function Absent({ event }: { event: EventView }) {
  const { t } = useI18n();
  return <p className={styles.absent}>{isOnItsWay(event) ? t.detail.onItsWay : t.detail.missing}</p>;
}

function Thumb({ event, view }: { event: EventView; view: View }) {
  const { t } = useI18n();
  if (view === "clip") {
    const clip = clipOf(event);
    const poster = stillUrl(event, "after") ?? stillUrl(event, "at");
    return (
      <span className={styles.picture}>
        {poster && clip ? <img src={poster} alt="" className={styles.dim} /> : null}
        <span className={styles.play}>{clip?.sources.length ? <Icon name="play" size={22} /> : <Pending event={event} />}</span>
      </span>
    );
  }
  const url = stillUrl(event, view);
  return (
    <span className={styles.picture}>
      {url ? <img src={url} alt="" loading="lazy" /> : <span className={styles.none}>{isOnItsWay(event) ? t.detail.onItsWay : t.detail.missing}</span>}
    </span>
  );
}

function Pending({ event }: { event: EventView }) {
  const { t } = useI18n();
  return <span className={styles.none}>{isOnItsWay(event) ? t.detail.onItsWay : t.detail.missing}</span>;
}
