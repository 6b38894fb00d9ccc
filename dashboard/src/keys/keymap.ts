/** Which key does what. One letter each; never while somebody types, never with Ctrl, Alt or Meta held. */

export type Action =
  | "next"
  | "previous"
  | "open"
  | "confirm"
  | "reject"
  | "filter"
  | "fresh"
  | "overlay"
  | "still1"
  | "still2"
  | "still3"
  | "still4"
  | "help"
  | "escape";

export const KEYS: Readonly<Record<string, Action>> = {
  j: "next",
  k: "previous",
  Enter: "open",
  c: "confirm",
  r: "reject",
  "/": "filter",
  n: "fresh",
  o: "overlay",
  "1": "still1",
  "2": "still2",
  "3": "still3",
  "4": "still4",
  "?": "help",
  Escape: "escape",
};

interface Pressed {
  key: string;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  repeat: boolean;
}

/** Decisions are never repeated by a key that is held down. */
const NOT_REPEATED: readonly Action[] = ["confirm", "reject", "help"];

export function actionOf(pressed: Pressed): Action | null {
  if (pressed.ctrlKey || pressed.altKey || pressed.metaKey) return null;
  const key = pressed.key.length === 1 ? pressed.key.toLowerCase() : pressed.key;
  const action = Object.hasOwn(KEYS, key) ? (KEYS[key] ?? null) : null;
  return action && pressed.repeat && NOT_REPEATED.includes(action) ? null : action;
}

const TYPING = "input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable]";

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(TYPING) !== null;
}

/** Keys that a focused control uses itself: Enter on a link or button, everything in the player. */
export function isTaken(action: Action, target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest("video")) return action !== "escape" && action !== "help" && action !== "next" && action !== "previous";
  return action === "open" && target.closest("a, button, summary, [role=radio]") !== null;
}
