/** Filters of the list. They live in the address; this only shows and changes them. */

import { useQuery } from "@tanstack/react-query";
import { camerasQuery } from "../api/queries";
import { useI18n } from "../i18n";
import { Segments } from "../shell/Segments";
import styles from "./FilterBar.module.css";
import type { Filters } from "./filters";

export function FilterBar({ filters, onChange }: { filters: Filters; onChange: (filters: Filters) => void }) {
  const { t } = useI18n();
  const cameras = useQuery(camerasQuery);
  const known = cameras.data ?? [];
  const isUnknown = filters.camera !== null && !known.some((camera) => camera.camera === filters.camera);
  return (
    <div className={styles.bar} role="group" aria-label={t.alerts.filters}>
      <Segments
        quiet
        legend={t.alerts.kind}
        value={filters.kind}
        options={[
          { value: "all", words: t.alerts.allKinds },
          { value: "violation", words: t.kinds.violation },
          { value: "incident", words: t.kinds.incident },
        ]}
        onChoose={(kind) => onChange({ ...filters, kind })}
      />
      <div className={styles.selects}>
        <select
          className={styles.select}
          aria-label={t.alerts.state}
          value={filters.state}
          onChange={(event) => onChange({ ...filters, state: event.target.value as Filters["state"] })}
        >
          <option value="new">{t.alerts.open}</option>
          <option value="confirmed">{t.states.confirmed}</option>
          <option value="rejected">{t.states.rejected}</option>
          <option value="all">{t.alerts.all}</option>
        </select>
        <select
          className={styles.select}
          aria-label={t.alerts.camera}
          value={filters.camera ?? ""}
          onChange={(event) => onChange({ ...filters, camera: event.target.value || null })}
        >
          <option value="">{t.alerts.allCameras}</option>
          {isUnknown && <option value={filters.camera ?? ""}>{filters.camera}</option>}
          {known.map((camera) => (
            <option key={camera.camera} value={camera.camera}>
              {camera.name}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
