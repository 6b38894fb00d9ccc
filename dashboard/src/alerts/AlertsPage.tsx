/** Live alerts: list and detail side by side where there is room, one at a time on a phone. */

import { useRef } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { useI18n } from "../i18n";
import { useKeys } from "../keys/useKeys";
import { useIsWide } from "../shell/media";
import { AlertDetail } from "./detail/AlertDetail";
import { AlertList } from "./AlertList";
import styles from "./AlertsPage.module.css";
import { neighbour, nextUndecided } from "./feed";
import { FilterBar } from "./FilterBar";
import { EVERYTHING_OPEN, readFilters, writeFilters, type Filters } from "./filters";
import { useAnnounce } from "../shell/announce";
import { useFeed } from "./useFeed";

export function AlertsPage() {
  const { t } = useI18n();
  const { id = null } = useParams();
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const announce = useAnnounce();
  const isWide = useIsWide();
  const filters = readFilters(search);
  const suffix = writeFilters(filters);
  const list = useRef<HTMLDivElement>(null);
  const live = useFeed(filters, () => id !== null || isUnderHand(list.current));

  const open = (next: string | null, replace = false) =>
    void navigate(next === null ? `/alerts${suffix}` : `/alerts/${encodeURIComponent(next)}${suffix}`, { replace });
  const filter = (next: Filters) =>
    void navigate(`/alerts${id ? `/${encodeURIComponent(id)}` : ""}${writeFilters(next)}`, { replace: true });

  const move = (step: 1 | -1) => {
    const next = neighbour(live.feed.items, addressedId() ?? focusedId(list.current), step);
    if (!next) return;
    cardOf(list.current, next.id)?.focus();
    if (isWide || id !== null) open(next.id, id !== null);
  };
  useKeys({
    next: () => move(1),
    previous: () => move(-1),
    escape: () => open(null),
    open: () => document.getElementById("alert-title")?.focus(),
    filter: () => list.current?.closest("section")?.querySelector<HTMLElement>("input:checked, select")?.focus(),
    fresh: live.showNew,
  });

  const afterDecision = (decided: string) => {
    const next = nextUndecided(live.feed.items, decided);
    if (next) open(next.id, true);
    else {
      announce(t.decision.noneLeft);
      open(null, true);
    }
  };

  const showList = isWide || id === null;
  const showDetail = isWide || id !== null;
  return (
    <div className={styles.page} data-split={isWide}>
      {showList && (
        <section className={styles.list} aria-label={t.alerts.list}>
          <header className={styles.head}>
            <h1>{t.alerts.title}</h1>
            <FilterBar filters={filters} onChange={filter} />
          </header>
          <AlertList live={live} chosen={id} suffix={suffix} filters={filters} onClear={() => filter(EVERYTHING_OPEN)} ref={list} />
        </section>
      )}
      {showDetail && (
        <section className={styles.detail} aria-label={t.detail.facts}>
          {id === null ? (
            <div className={styles.nothing}>
              <svg width="120" height="120" viewBox="0 0 32 32" aria-hidden="true">
                <path d="M0 12h12V0h8v12h12v8H20v12h-8V20H0z" />
              </svg>
              <p className={styles.choose}>{t.alerts.choose}</p>
              <p>{t.alerts.chooseHint}</p>
            </div>
          ) : (
            <AlertDetail
              key={id}
              id={id}
              onBack={() => open(null)}
              onDecided={(event) => {
                live.replace(event);
                afterDecision(event.id);
              }}
              onNewer={live.replace}
            />
          )}
        </section>
      )}
    </div>
  );
}

/** Alert in the address bar: ahead of what is drawn, so that a second quick key goes on from where the first one went. */
function addressedId(): string | null {
  const [, id] = /^\/alerts\/([^/]+)/.exec(window.location.pathname) ?? [];
  return id === undefined ? null : decodeURIComponent(id);
}

/** True while the list must not move: scrolled, pointer over it, or the keyboard in it. */
function isUnderHand(list: HTMLElement | null): boolean {
  if (!list) return false;
  return list.scrollTop > 4 || list.matches(":hover") || list.contains(document.activeElement);
}

function cardOf(list: HTMLElement | null, id: string): HTMLElement | null {
  return list?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`) ?? null;
}

function focusedId(list: HTMLElement | null): string | null {
  const focused = document.activeElement;
  return list && focused instanceof HTMLElement && list.contains(focused) ? (focused.dataset.id ?? null) : null;
}
