/**
 * Which tiles stream. A browser opens six connections to one host (HTTP/1.1): one carries the live stream, some must
 * stay free for everything else, so only a few tiles stream and the others fetch a picture each second.
 */

export const STREAMS = 3;

export class Slots {
  readonly #limit: number;
  readonly #holders = new Set<symbol>();
  readonly #waiting = new Map<symbol, (granted: boolean) => void>();

  constructor(limit: number = STREAMS) {
    this.#limit = limit;
  }

  /** Asks for a slot; `onGranted` is called now or when one is free. Returns how to give it back. */
  ask(onGranted: (granted: boolean) => void): () => void {
    const who = Symbol("tile");
    if (this.#holders.size < this.#limit) {
      this.#holders.add(who);
      onGranted(true);
    } else {
      this.#waiting.set(who, onGranted);
      onGranted(false);
    }
    return () => this.#free(who);
  }

  #free(who: symbol): void {
    this.#waiting.delete(who);
    if (!this.#holders.delete(who)) return;
    for (const [next, onGranted] of this.#waiting) {
      this.#waiting.delete(next);
      this.#holders.add(next);
      onGranted(true);
      return;
    }
  }
}

export const slots = new Slots();
