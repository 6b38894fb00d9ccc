/** The list itself: what waits on top, cards, older ones at the end. */

import { useEffect, useRef, type Ref } from "react";
import { useI18n } from "../i18n";
import { useAnnounce } from "../shell/announce";
import { Icon } from "../shell/icons";
import { useNow } from "../shell/now";
import { problemWords } from "../shell/problems";
import controls from "../styles/controls.module.css";
import { AlertCard } from "./AlertCard";
import styles from "./AlertList.module.css";
import { isDefault, type Filters } from "./filters";
import type { LiveFeed } from "./useFeed";

interface Props {
  live: LiveFeed;
  chosen: string | null;
  suffix: string;
  filters: Filters;
  onClear: () => void;
  ref: Ref<HTMLDivElement>;
}

export function AlertList({ live, chosen, suffix, filters, onClear, ref }: Props) {
  const { t } = useI18n();
  const now = useNow(30_000);
  const { feed } = live;
  useSayWaiting(feed.pending.length);
  return (
    <div className={styles.box}>
      <div className={styles.top}>
        {feed.pending.length > 0 ? (
          <button type="button" className={styles.fresh} onClick={live.showNew}>
            <Icon name="up" size={16} />
            {t.alerts.fresh(feed.pending.length, feed.overflowed)}
            <kbd>N</kbd>
          </button>
        ) : (
          <span>{live.status === "ready" && t.alerts.upToDate}</span>
        )}
      </div>
      <div className={styles.scroll} ref={ref}>
        {live.status === "loading" && <p className={styles.word}>{t.common.loading}</p>}
        {live.status === "failed" && (
          <div className={styles.word} role="alert">
            <p>{problemWords(live.error, t)}</p>
            <button type="button" className={controls.button} onClick={live.retry}>
              {t.common.retry}
            </button>
          </div>
        )}
        {live.status === "ready" && feed.items.length === 0 && <Empty filters={filters} onClear={onClear} />}
        <ol className={styles.items}>
          {feed.items.map((event) => (
            <li key={event.id}>
              <AlertCard event={event} to={`/alerts/${encodeURIComponent(event.id)}${suffix}`} chosen={event.id === chosen} now={now} />
            </li>
          ))}
        </ol>
        {feed.older !== null && feed.items.length > 0 && (
          <div className={styles.word}>
            <button type="button" className={controls.button} onClick={live.more} disabled={live.loadingMore}>
              {live.loadingMore ? t.common.loading : t.alerts.more}
            </button>
          </div>
        )}
      </div>
    </div>
  );
}

function Empty({ filters, onClear }: { filters: Filters; onClear: () => void }) {
  const { t } = useI18n();
  const isPlain = isDefault(filters);
  return (
    <div className={styles.word}>
      <p className={styles.strong}>{isPlain ? t.alerts.empty : t.alerts.emptyFiltered}</p>
      <p>{t.alerts.emptyHint}</p>
      {!isPlain && (
        <button type="button" className={controls.button} onClick={onClear}>
          {t.alerts.clear}
        </button>
      )}
    </div>
  );
}

/** Says the number of waiting alerts, at most once in five seconds, so that a burst is one sentence. */
function useSayWaiting(count: number): void {
  const { t } = useI18n();
  const announce = useAnnounce();
  const newest = useRef(count);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    newest.current = count;
    if (count === 0 || timer.current !== undefined) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      if (newest.current > 0) announce(t.alerts.freshSaid(newest.current), false);
    }, 5_000);
  }, [count, announce, t]);
  useEffect(() => () => clearTimeout(timer.current), []);
}
