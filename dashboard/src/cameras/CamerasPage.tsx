/** The wall: every camera, worst first. */

import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { camerasQuery } from "../api/queries";
import type { CameraView } from "../api/types";
import { useI18n } from "../i18n";
import { useLiveState } from "../live/LiveProvider";
import { NodeFaults } from "../nodes/NodeFaults";
import { useNow } from "../shell/now";
import { problemWords } from "../shell/problems";
import controls from "../styles/controls.module.css";
import styles from "./Cameras.module.css";
import { CameraTile } from "./CameraTile";
import { keepOrder, shownState } from "./status";

export function CamerasPage() {
  const { t } = useI18n();
  const query = useQuery(camerasQuery);
  const wall = useRef<HTMLUListElement>(null);
  const { status } = useLiveState();
  const now = useNow();
  const cameras = useSteadyOrder(query.data ?? [], wall);
  const well = cameras.filter((camera) => shownState(camera, (now.getTime() - query.dataUpdatedAt) / 1000) === "online").length;
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1>{t.cameras.title}</h1>
        {cameras.length > 0 && <p className={styles.summary}>{t.cameras.summary(well, cameras.length)}</p>}
      </header>
      <NodeFaults now={now} />
      {query.isPending && <p>{t.common.loading}</p>}
      {query.isError && !query.data && (
        <div role="alert" className={styles.empty}>
          <p>{problemWords(query.error, t)}</p>
          <button type="button" className={controls.button} onClick={() => void query.refetch()}>
            {t.common.retry}
          </button>
        </div>
      )}
      {query.data?.length === 0 && (
        <div className={styles.empty}>
          <h2>{t.cameras.none}</h2>
          <p>{t.cameras.noneHint}</p>
        </div>
      )}
      <ul className={styles.wall} ref={wall}>
        {cameras.map((camera) => (
          <li key={camera.camera}>
            <CameraTile camera={camera} now={now} readAt={query.dataUpdatedAt} connected={status !== "lost" && !query.isError} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The centre's order, except while the pointer or the keyboard is on the wall: then nothing moves. */
function useSteadyOrder(cameras: readonly CameraView[], wall: React.RefObject<HTMLElement | null>): readonly CameraView[] {
  const [shown, setShown] = useState<readonly string[]>([]);
  const held = useIsHeld(wall);
  const order = held ? keepOrder(shown, cameras) : cameras;
  const ids = order.map((camera) => camera.camera);
  if (ids.join("\n") !== shown.join("\n")) setShown(ids);
  return order;
}

function useIsHeld(wall: React.RefObject<HTMLElement | null>): boolean {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    const element = wall.current;
    if (!element) return;
    const look = () => setHeld(element.matches(":hover") || element.contains(document.activeElement));
    const events = ["pointerenter", "pointerleave", "focusin", "focusout"] as const;
    for (const name of events) element.addEventListener(name, look);
    return () => {
      for (const name of events) element.removeEventListener(name, look);
    };
  }, [wall]);
  return held;
}
