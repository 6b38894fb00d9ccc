/** What the machine measured, in the order in which an officer asks. */

import type { EventView } from "../../api/types";
import { wordsFor } from "../../domain/codes";
import { actWords } from "../../domain/words";
import { useI18n } from "../../i18n";
import { exactTime } from "../../time/format";
import styles from "./Facts.module.css";
import { factRows, percent, positionRow, speedWords } from "./facts";

/** `where` of rules that need no place of the scene. */
const PICTURE = "picture";

export function Facts({ event }: { event: EventView }) {
  const { t } = useI18n();
  const { data } = event;
  const rows: [string, string, string?][] = [
    [t.detail.rule, actWords(event, t), t.detail.version(event.rule_version)],
  ];
  if (data.track) {
    const riders = data.track.riders > 0 ? `, ${t.alerts.riders(data.track.riders)}` : "";
    rows.push([t.detail.object, wordsFor(t.classes, data.track.class_name) + riders, t.detail.confidence(percent(data.track.confidence))]);
  }
  if (data.speed) rows.push([t.speed.name, ...speedWords(data.speed, t)]);
  if (data.where) rows.push([t.detail.place, data.where === PICTURE ? t.wholePicture : data.where]);
  if (data.position) rows.push(positionRow(data.position, t));
  rows.push(...factRows(data.facts, t));
  const quality = `± ${Math.ceil(data.time_quality.uncertainty_ms)} ${t.units.ms}, ${t.timeSources[data.time_quality.source]}`;
  rows.push([t.detail.time, exactTime(event.time), quality], [t.detail.judged, exactTime(data.judged_at)]);
  rows.push([t.detail.node, event.node], [t.detail.scene, String(data.scene_version)]);
  rows.push([t.detail.model, data.model_sha256 ? data.model_sha256.slice(0, 12) : t.detail.noModel]);
  return (
    <section aria-labelledby="facts-title">
      <h3 id="facts-title" className={styles.title}>
        {t.detail.facts}
      </h3>
      <dl className={styles.facts}>
        {rows.map(([name, value, more]) => (
          <div key={name} className={styles.row}>
            <dt>{name}</dt>
            <dd>
              {value}
              {more && <span className={styles.more}>{more}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
