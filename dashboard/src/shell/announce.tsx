/** Status messages: read aloud politely, and shown for a few seconds at the bottom of the page. */

import { createContext, useCallback, useContext, useEffect, useState, type ReactNode } from "react";
import styles from "./announce.module.css";

const Context = createContext<((words: string, visible?: boolean) => void) | null>(null);
const SHOWN_MS = 6_000;

interface Said {
  words: string;
  visible: boolean;
  serial: number;
}

export function AnnounceProvider({ children }: { children: ReactNode }) {
  const [said, setSaid] = useState<Said>({ words: "", visible: false, serial: 0 });
  const announce = useCallback((words: string, visible = true) => {
    setSaid((before) => ({ words, visible, serial: before.serial + 1 }));
  }, []);
  useEffect(() => {
    if (!said.visible) return;
    const timer = setTimeout(() => setSaid((now) => ({ ...now, visible: false })), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [said.serial, said.visible]);
  return (
    <Context.Provider value={announce}>
      {children}
      <div role="status" aria-live="polite" className={said.visible ? styles.toast : "visually-hidden"}>
        <span key={said.serial}>{said.words}</span>
      </div>
    </Context.Provider>
  );
}

/** `announce(words)` shows and says; `announce(words, false)` only says. */
export function useAnnounce(): (words: string, visible?: boolean) => void {
  const announce = useContext(Context);
  if (!announce) throw new Error("useAnnounce outside of AnnounceProvider");
  return announce;
}
