/** What this browser remembers. Storage may be switched off: then nothing is remembered and nothing breaks. */

type Key = "language" | "theme" | "overlay" | "keys";

export function load(key: Key): string | null {
  try {
    return localStorage.getItem(`giaolo.${key}`);
  } catch {
    return null;
  }
}

export function save(key: Key, value: string): void {
  try {
    localStorage.setItem(`giaolo.${key}`, value);
  } catch {
    // private window: the choice lasts until the page is closed
  }
}
