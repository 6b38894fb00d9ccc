/**
 * The list of alerts as a value. What is on the screen moves only when the person asks for it: while the list is
 * held (pointer over it, something chosen, scrolled), new alerts wait in `pending`; a changed alert changes in place.
 */

import type { EventView, Page } from "../api/types";

/** How the older part is fetched: by the centre's cursor, or by time after the tail was cut. */
export type Older = { by: "cursor"; cursor: string } | { by: "time"; to: string } | null;

export interface Feed {
  items: readonly EventView[];
  pending: readonly EventView[];
  /** True when so many wait that the oldest of them were let go: showing them starts the list anew. */
  overflowed: boolean;
  older: Older;
}

export const EMPTY: Feed = { items: [], pending: [], overflowed: false, older: null };

/** A shift brings thousands; the page keeps this many and fetches the rest when asked. */
export const KEPT = 300;

export function loaded(page: Page<EventView>): Feed {
  return { ...EMPTY, items: newestFirst(page.items), older: cursorOf(page) };
}

export function extended(feed: Feed, page: Page<EventView>): Feed {
  const known = new Set(feed.items.map((item) => item.id));
  const fresh = page.items.filter((item) => !known.has(item.id));
  return { ...feed, items: [...feed.items, ...newestFirst(fresh)], older: cursorOf(page) };
}

/** An alert came. Known ones change in place; a new one waits while the list is held. */
export function arrived(feed: Feed, event: EventView, held: boolean): Feed {
  if (isKnown(feed, event.id)) return changed(feed, event);
  if (held || feed.pending.length > 0) return withPending(feed, event);
  return trimmed({ ...feed, items: newestFirst([event, ...feed.items]) });
}

/** Evidence arrived or somebody decided: same place, new content. An older version than the shown one is ignored. */
export function changed(feed: Feed, event: EventView): Feed {
  const replace = (items: readonly EventView[]) =>
    items.map((item) => (item.id === event.id && event.version >= item.version ? event : item));
  return { ...feed, items: replace(feed.items), pending: replace(feed.pending) };
}

/** The newest page after a reconnect: what was missed comes in as if it had just arrived. */
export function caughtUp(feed: Feed, page: Page<EventView>, held: boolean): Feed {
  if (feed.items.length === 0 && feed.pending.length === 0) return loaded(page);
  const hadAny = page.items.some((item) => isKnown(feed, item.id));
  const merged = [...page.items].reverse().reduce((now, item) => arrived(now, item, held), feed);
  // A gap lies between the page and what was shown: showing the new ones must start anew.
  return hadAny || page.next === null ? merged : { ...merged, overflowed: true };
}

/** The person asked for what waits. */
export function shown(feed: Feed): Feed {
  if (feed.overflowed) {
    const items = newestFirst(feed.pending);
    return { ...EMPTY, items, older: olderThan(items) };
  }
  return trimmed({ ...feed, pending: [], items: newestFirst([...feed.pending, ...feed.items]) });
}

function withPending(feed: Feed, event: EventView): Feed {
  const pending = newestFirst([event, ...feed.pending]);
  if (pending.length <= KEPT) return { ...feed, pending };
  return { ...feed, pending: pending.slice(0, KEPT), overflowed: true };
}

function trimmed(feed: Feed): Feed {
  if (feed.items.length <= KEPT) return feed;
  const items = feed.items.slice(0, KEPT);
  return { ...feed, items, older: olderThan(items) };
}

function olderThan(items: readonly EventView[]): Older {
  const last = items.at(-1);
  return last ? { by: "time", to: last.time } : null;
}

function cursorOf(page: Page<EventView>): Older {
  return page.next === null ? null : { by: "cursor", cursor: page.next };
}

function isKnown(feed: Feed, id: string): boolean {
  return feed.items.some((item) => item.id === id) || feed.pending.some((item) => item.id === id);
}

function newestFirst(items: readonly EventView[]): EventView[] {
  return [...items].sort((a, b) => (a.time === b.time ? 0 : a.time < b.time ? 1 : -1));
}

/** The next alert to judge after `id`: below first, then from the top; null when none is left. */
export function nextUndecided(items: readonly EventView[], id: string): EventView | null {
  const at = items.findIndex((item) => item.id === id);
  const order = [...items.slice(at + 1), ...items.slice(0, Math.max(at, 0))];
  return order.find((item) => item.state === "new" && item.id !== id) ?? null;
}

/** Neighbour of the chosen alert; the first one when nothing is chosen. */
export function neighbour(items: readonly EventView[], id: string | null, step: 1 | -1): EventView | null {
  const at = items.findIndex((item) => item.id === id);
  if (at < 0) return items[0] ?? null;
  return items[at + step] ?? null;
}
