/** The list of alerts kept live: first page, what the stream brings, older pages on demand. */

import { useCallback, useEffect, useRef, useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { eventQuery, fetchEvents } from "../api/queries";
import type { EventView } from "../api/types";
import { useLive } from "../live/LiveProvider";
import { arrived, caughtUp, changed, EMPTY, extended, loaded, shown, type Feed, type Older } from "./feed";
import { apiQuery, matches, writeFilters, type Filters } from "./filters";

const PAGE = 50;

export interface LiveFeed {
  feed: Feed;
  status: "loading" | "ready" | "failed";
  error: unknown;
  more: () => void;
  loadingMore: boolean;
  showNew: () => void;
  retry: () => void;
  replace: (event: EventView) => void;
}

interface Held {
  key: string;
  feed: Feed;
  status: LiveFeed["status"];
  error: unknown;
}

/** `isHeld` is asked at the moment an alert comes: true while nothing on the screen may move. */
export function useFeed(filters: Filters, isHeld: () => boolean): LiveFeed {
  const client = useQueryClient();
  const key = writeFilters(filters);
  const [state, setState] = useState<Held>({ key, feed: EMPTY, status: "loading", error: null });
  const [loadingMore, setLoadingMore] = useState(false);
  const held = useRef(isHeld);
  const wanted = useRef(filters);
  useEffect(() => {
    held.current = isHeld;
    wanted.current = filters;
  });

  const update = useCallback(
    (change: (feed: Feed) => Feed) =>
      setState((now) => (now.key === key ? { ...now, feed: change(now.feed) } : now)),
    [key],
  );

  const read = useCallback(async () => {
    try {
      const page = await fetchEvents(apiQuery(wanted.current, PAGE));
      setState((now) => {
        const isSame = now.key === key && now.status === "ready";
        return { key, status: "ready", error: null, feed: isSame ? caughtUp(now.feed, page, held.current()) : loaded(page) };
      });
    } catch (error) {
      setState((now) => (now.key === key && now.status === "ready" ? now : { key, feed: EMPTY, status: "failed", error }));
    }
  }, [key]);

  useEffect(() => {
    void read();
  }, [read]);

  useLive((message) => {
    if (message.type === "camera" || message.type === "node") return;
    if (message.type === "resync") {
      void read();
      return;
    }
    const { event } = message;
    if (event.kind === "count") return;
    client.setQueryData(eventQuery(event.id).queryKey, event);
    const isNew = message.type === "event" && matches(wanted.current, event);
    update((feed) => (isNew ? arrived(feed, event, held.current()) : changed(feed, event)));
  });

  const older = state.feed.older;
  const more = () => {
    if (older === null || loadingMore) return;
    setLoadingMore(true);
    fetchEvents(withOlder(apiQuery(filters, PAGE), older))
      .then((page) => update((feed) => extended(feed, page)))
      .catch((error: unknown) => setState((now) => ({ ...now, error })))
      .finally(() => setLoadingMore(false));
  };

  const isCurrent = state.key === key;
  return {
    feed: isCurrent ? state.feed : EMPTY,
    status: isCurrent ? state.status : "loading",
    error: state.error,
    more,
    loadingMore,
    showNew: () => update(shown),
    retry: () => {
      setState({ key, feed: EMPTY, status: "loading", error: null });
      void read();
    },
    replace: (event) => update((feed) => changed(feed, event)),
  };
}

function withOlder(query: URLSearchParams, older: Exclude<Older, null>): URLSearchParams {
  if (older.by === "cursor") query.set("cursor", older.cursor);
  else query.set("to", older.to);
  return query;
}
