/** A media query as a value that follows the window. */

import { useSyncExternalStore } from "react";

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    () => window.matchMedia(query).matches,
  );
}

/** Wide enough for list and detail side by side. */
export function useIsWide(): boolean {
  return useMedia("(min-width: 1000px)");
}
