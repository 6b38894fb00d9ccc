/** Binds actions of the keymap to the page that is open. */

import { useEffect, useRef } from "react";
import { load } from "../shell/storage";
import { actionOf, isTaken, isTyping, type Action } from "./keymap";

export type Bindings = Partial<Record<Action, () => void>>;

export function useKeys(bindings: Bindings): void {
  const newest = useRef(bindings);
  useEffect(() => {
    newest.current = bindings;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (load("keys") === "off" && event.key.length === 1) return;
      if (event.defaultPrevented || isTyping(event.target) || document.querySelector("dialog[open]")) return;
      const action = actionOf(event);
      if (!action || isTaken(action, event.target)) return;
      const act = newest.current[action];
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}
