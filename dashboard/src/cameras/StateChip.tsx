/** State of a camera: shape, colour and word. */

import type { CameraState } from "../api/types";
import { useI18n } from "../i18n";
import { Icon, type IconName } from "../shell/icons";
import styles from "./StateChip.module.css";

const ICONS: Record<CameraState, IconName> = { online: "check", degraded: "warning", offline: "off", starting: "clock" };

export function StateChip({ state }: { state: CameraState }) {
  const { t } = useI18n();
  return (
    <span className={styles.chip} data-state={state}>
      <Icon name={ICONS[state]} size={14} />
      {t.cameraStates[state]}
    </span>
  );
}
