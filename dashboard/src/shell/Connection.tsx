/** How fresh the page is. Stale information never looks live. */

import { useI18n } from "../i18n";
import { useLiveState } from "../live/LiveProvider";
import { age, clock } from "../time/format";
import styles from "./Connection.module.css";
import { Icon } from "./icons";
import { useNow } from "./now";

export function ConnectionState() {
  const { t } = useI18n();
  const { status } = useLiveState();
  const now = useNow();
  const words = { live: t.live.on, connecting: t.live.connecting, lost: t.live.lost }[status];
  return (
    <div className={styles.state} data-status={status}>
      <span className={styles.word}>
        <span className={styles.dot} aria-hidden="true" />
        {words}
      </span>
      <time className={styles.clock}>{clock(now)}</time>
    </div>
  );
}

export function StaleBanner() {
  const { t } = useI18n();
  const { status, heardAt } = useLiveState();
  const now = useNow();
  const lost = status === "lost";
  const seconds = heardAt === null ? 0 : (now.getTime() - heardAt) / 1000;
  return (
    <>
      <div role="status" className="visually-hidden">
        {lost ? t.live.lost : ""}
      </div>
      {lost && (
        <div className={styles.banner}>
          <Icon name="warning" />
          <span>{t.live.banner(age(seconds, t))}</span>
        </div>
      )}
    </>
  );
}
