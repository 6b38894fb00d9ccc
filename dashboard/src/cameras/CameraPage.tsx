/** One camera: large picture, how it is doing, what it saw lately. */

import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { AlertCard } from "../alerts/AlertCard";
import { apiQuery } from "../alerts/filters";
import { camerasQuery, fetchEvents } from "../api/queries";
import type { CameraView } from "../api/types";
import { decimal } from "../domain/figures";
import { useI18n } from "../i18n";
import { useLive, useLiveState } from "../live/LiveProvider";
import { Icon } from "../shell/icons";
import { useNow } from "../shell/now";
import { age, ageSince, dateTime } from "../time/format";
import styles from "./Cameras.module.css";
import { Counts } from "./CameraTile";
import { DefaultScene } from "./SceneHelp";
import { Screen } from "./Screen";
import { StateChip } from "./StateChip";
import { frameAge, shownState } from "./status";

export function CameraPage() {
  const { t } = useI18n();
  const { id = "" } = useParams();
  const query = useQuery(camerasQuery);
  const { status } = useLiveState();
  const now = useNow();
  const camera = query.data?.find((one) => one.camera === id);
  const readAgeS = Math.max(0, (now.getTime() - query.dataUpdatedAt) / 1000);
  return (
    <div className={styles.page}>
      <Link className={styles.back} to="/cameras">
        <Icon name="back" size={16} />
        {t.cameras.title}
      </Link>
      {query.isPending && <p>{t.common.loading}</p>}
      {query.data && !camera && <p role="alert">{t.cameras.notFound}</p>}
      {camera && (
        <>
          <header className={styles.head}>
            <h1>{camera.name}</h1>
            <StateChip state={shownState(camera, readAgeS)} />
          </header>
          <div className={styles.columns}>
            <div className={styles.main}>
              <div className={styles.picture}>
                <Screen camera={camera} now={now} readAt={query.dataUpdatedAt} connected={status !== "lost" && !query.isError} />
              </div>
              {camera.scene_is_default && <DefaultScene />}
              <section className={styles.panel}>
                <h2>{t.cameras.countsToday}</h2>
                {Object.keys(camera.counts_today).length === 0 ? <p>{t.cameras.noCounts}</p> : <Counts camera={camera} />}
              </section>
            </div>
            <div className={styles.side}>
              <Health camera={camera} now={now} readAt={query.dataUpdatedAt} />
              <Recent id={camera.camera} now={now} />
            </div>
          </div>
        </>
      )}
    </div>
  );
}

function Health({ camera, now, readAt }: { camera: CameraView; now: Date; readAt: number }) {
  const { t } = useI18n();
  const fault = t.reasons[camera.reason];
  const seconds = frameAge(camera, Math.max(0, (now.getTime() - readAt) / 1000));
  const quality = camera.time_quality;
  const rows: [string, string][] = [
    [t.alerts.state, camera.reason === "none" ? t.cameraStates[shownState(camera, Math.max(0, (now.getTime() - readAt) / 1000))] : fault.what],
    ...(fault.todo ? [[t.cameras.todo, fault.todo] satisfies [string, string]] : []),
    ...(camera.detail && camera.reason !== "none" ? [[t.cameras.detailFromNode, camera.detail] satisfies [string, string]] : []),
    [t.cameras.sinceWhen, `${dateTime(camera.since)} (${ageSince(camera.since, now, t)})`],
    [t.cameras.fps, decimal(camera.fps, t)],
    [t.cameras.analysed, decimal(camera.analysed_fps, t)],
    [t.cameras.lastFrame, seconds === null ? t.common.none : t.cameras.ago(age(seconds, t))],
    [t.cameras.dropped, String(camera.dropped)],
    [t.cameras.gaps, String(camera.gaps)],
    [t.cameras.reconnects, String(camera.reconnects)],
    [t.cameras.size, camera.width ? `${camera.width} × ${camera.height}` : t.common.none],
    [t.cameras.codec, camera.codec || t.common.none],
    [t.cameras.clock, quality ? `${t.timeSources[quality.source]}, ± ${Math.ceil(quality.uncertainty_ms)} ms` : t.common.none],
    [t.cameras.scene, String(camera.scene_version)],
    [t.cameras.address, camera.address],
    [t.cameras.node, camera.node],
    [t.cameras.nodeSeen, camera.node_seen_at ? t.cameras.ago(ageSince(camera.node_seen_at, now, t)) : t.common.none],
  ];
  return (
    <section className={styles.panel}>
      <h2>{t.cameras.health}</h2>
      <dl className={styles.rows}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Recent({ id, now }: { id: string; now: Date }) {
  const { t } = useI18n();
  const query = useQuery({
    queryKey: ["recent", id],
    queryFn: ({ signal }) => fetchEvents(apiQuery({ kind: "all", camera: id, state: "all" }, 5), signal),
  });
  useLive((message) => {
    if (message.type === "resync" || ("event" in message && message.event.camera.id === id)) void query.refetch();
  });
  const suffix = `?camera=${encodeURIComponent(id)}&state=all`;
  return (
    <section className={styles.panel}>
      <h2>{t.cameras.recent}</h2>
      {query.data?.items.length === 0 && <p>{t.alerts.empty}</p>}
      <ul className={styles.recent}>
        {query.data?.items.map((event) => (
          <li key={event.id}>
            <AlertCard event={event} to={`/alerts/${encodeURIComponent(event.id)}${suffix}`} chosen={false} now={now} />
          </li>
        ))}
      </ul>
      <Link to={`/alerts${suffix}`}>{t.cameras.allAlerts}</Link>
    </section>
  );
}
