/** Live picture of a camera: a stream where there is room for one, else a picture each second; nothing while unseen. */

import { useEffect, useRef, useState } from "react";
import { useI18n } from "../i18n";
import styles from "./Preview.module.css";
import { slots } from "./slots";

const NOTHING = "data:,";
const STILL_EVERY_MS = 1_000;

export function Preview({ id, name }: { id: string; name: string }) {
  const { t } = useI18n();
  const box = useRef<HTMLDivElement>(null);
  const seen = useIsSeen(box);
  const granted = useSlot(seen);
  const [broken, setBroken] = useState(false);
  const mode = !seen ? "none" : granted && !broken ? "stream" : "stills";
  return (
    <div ref={box} className={styles.preview}>
      {mode === "stream" && <Stream id={id} name={name} onBroken={() => setBroken(true)} />}
      {mode === "stills" && <Stills id={id} name={name} />}
      {mode !== "none" && <span className={styles.mode}>{mode === "stream" ? t.cameras.live : t.cameras.slow}</span>}
    </div>
  );
}

function Stream({ id, name, onBroken }: { id: string; name: string; onBroken: () => void }) {
  const { t } = useI18n();
  const image = useRef<HTMLImageElement>(null);
  useEffect(() => {
    const element = image.current;
    if (!element) return;
    element.src = `/api/v1/cameras/${encodeURIComponent(id)}/preview.mjpeg`;
    // Taking the image out of the page does not end its request; another address does.
    return () => {
      element.src = NOTHING;
    };
  }, [id]);
  return <img ref={image} alt={t.cameras.preview(name)} onError={onBroken} data-testid="preview" />;
}

function Stills({ id, name }: { id: string; name: string }) {
  const { t } = useI18n();
  const [serial, setSerial] = useState(0);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSerial((before) => before + 1), STILL_EVERY_MS * (failed ? 5 : 1));
    return () => clearTimeout(timer);
  }, [serial, failed]);
  return (
    <img
      src={`/api/v1/cameras/${encodeURIComponent(id)}/still.jpg?n=${serial}`}
      alt={t.cameras.preview(name)}
      className={failed ? styles.failed : undefined}
      onError={() => setFailed(true)}
      onLoad={() => setFailed(false)}
      data-testid="preview"
    />
  );
}

/** True while the tile is on the screen and the page is in front. */
function useIsSeen(box: React.RefObject<HTMLElement | null>): boolean {
  const [near, setNear] = useState(false);
  const [front, setFront] = useState(() => document.visibilityState === "visible");
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new IntersectionObserver((entries) => setNear(entries.some((entry) => entry.isIntersecting)));
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  useEffect(() => {
    const onChange = () => setFront(document.visibilityState === "visible");
    document.addEventListener("visibilitychange", onChange);
    return () => document.removeEventListener("visibilitychange", onChange);
  }, []);
  return near && front;
}

function useSlot(wanted: boolean): boolean {
  const [granted, setGranted] = useState(false);
  useEffect(() => {
    if (!wanted) return;
    return slots.ask(setGranted);
  }, [wanted]);
  return wanted && granted;
}
