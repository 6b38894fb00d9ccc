/** One live stream for the whole page, and the state of the connection for whoever shows it. */

import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useRef, useState, useSyncExternalStore, type ReactNode } from "react";
import { keepCamera, keepNode, nodesQuery } from "../api/queries";
import { LiveConnection, type LiveMessage, type LiveState } from "./connection";

const Context = createContext<LiveConnection | null>(null);

function makeConnection(): LiveConnection {
  return new LiveConnection({
    open: (url) => new EventSource(url),
    beat: async () => {
      const answer = await fetch("/healthz", { signal: AbortSignal.timeout(4_000), cache: "no-store" });
      if (!answer.ok) throw new Error(`healthz ${answer.status}`);
    },
    now: () => Date.now(),
  });
}

export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [connection] = useState(makeConnection);
  useEffect(() => {
    const unsubscribe = connection.subscribe((message) => {
      if (message.type === "camera") keepCamera(client, message.camera);
      if (message.type === "node") keepNode(client, message.node);
      if (message.type === "resync") void client.invalidateQueries(nodesQuery);
    });
    connection.start();
    return () => {
      unsubscribe();
      connection.stop();
    };
  }, [connection, client]);
  return <Context.Provider value={connection}>{children}</Context.Provider>;
}

function useConnection(): LiveConnection {
  const connection = useContext(Context);
  if (!connection) throw new Error("live stream used outside of LiveProvider");
  return connection;
}

export function useLiveState(): LiveState {
  const connection = useConnection();
  return useSyncExternalStore(
    (listener) => connection.onState(listener),
    () => connection.state,
  );
}

/** Calls the newest `onMessage` for each message of the stream. */
export function useLive(onMessage: (message: LiveMessage) => void): void {
  const connection = useConnection();
  const newest = useRef(onMessage);
  useEffect(() => {
    newest.current = onMessage;
  });
  useEffect(() => connection.subscribe((message) => newest.current(message)), [connection]);
}
