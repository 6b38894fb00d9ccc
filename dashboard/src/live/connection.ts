/**
 * The live stream from the centre. A browser reconnects an EventSource by itself after a dropped line, but gives up
 * after an HTTP error and never notices a line that died silently; both are mended here, and the age of what is
 * shown is always known.
 */

import type { CameraView, EventView, NodeView } from "../api/types";

export type LiveStatus = "connecting" | "live" | "lost";

export type LiveMessage =
  | { type: "event" | "evidence" | "decision"; event: EventView }
  | { type: "camera"; camera: CameraView }
  | { type: "node"; node: NodeView }
  /** Something may have been missed: read the newest page again. */
  | { type: "resync" };

export interface LiveState {
  status: LiveStatus;
  /** Moment (ms) at which the centre was last known to answer; null before the first time. */
  heardAt: number | null;
}

export interface World {
  open: (url: string) => EventSource;
  /** Resolves when the centre answers, rejects when it does not. */
  beat: () => Promise<void>;
  now: () => number;
}

const BEAT_EVERY_MS = 5_000;
const REOPEN_AFTER_MS = 2_000;
const URL = "/api/v1/events/stream";

export class LiveConnection {
  #state: LiveState = { status: "connecting", heardAt: null };
  #source: EventSource | null = null;
  #reopen: ReturnType<typeof setTimeout> | undefined;
  #beating: ReturnType<typeof setInterval> | undefined;
  readonly #world: World;
  readonly #listeners = new Set<() => void>();
  readonly #subscribers = new Set<(message: LiveMessage) => void>();

  constructor(world: World) {
    this.#world = world;
  }

  get state(): LiveState {
    return this.#state;
  }

  start(): void {
    this.#connect();
    this.#beating = setInterval(() => void this.#beat(), BEAT_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#beating);
    clearTimeout(this.#reopen);
    this.#source?.close();
    this.#source = null;
  }

  onState(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  subscribe(subscriber: (message: LiveMessage) => void): () => void {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  #connect(): void {
    clearTimeout(this.#reopen);
    this.#source?.close();
    const source = this.#world.open(URL);
    this.#source = source;
    source.onopen = () => {
      this.#set("live");
      this.#tell({ type: "resync" });
    };
    source.onerror = () => {
      this.#set("lost");
      if (source.readyState === EventSource.CLOSED) this.#reopenSoon();
    };
    for (const type of ["event", "evidence", "decision"] as const) {
      source.addEventListener(type, (message) => this.#heard({ type, event: parse(message) as EventView }));
    }
    source.addEventListener("camera", (message) => this.#heard({ type: "camera", camera: parse(message) as CameraView }));
    source.addEventListener("node", (message) => this.#heard({ type: "node", node: parse(message) as NodeView }));
    source.addEventListener("reset", () => this.#heard({ type: "resync" }));
  }

  #reopenSoon(): void {
    clearTimeout(this.#reopen);
    this.#reopen = setTimeout(() => this.#connect(), REOPEN_AFTER_MS);
  }

  async #beat(): Promise<void> {
    try {
      await this.#world.beat();
    } catch {
      this.#set("lost");
      return;
    }
    // The centre answers although the stream was given up or hangs since the break: open a new one.
    if (this.#state.status === "lost") this.#connect();
    else this.#set(this.#state.status);
  }

  #heard(message: LiveMessage): void {
    this.#set("live");
    this.#tell(message);
  }

  #tell(message: LiveMessage): void {
    for (const subscriber of this.#subscribers) subscriber(message);
  }

  #set(status: LiveStatus): void {
    const heardAt = status === "live" ? this.#world.now() : this.#state.heardAt;
    this.#state = { status, heardAt };
    for (const listener of this.#listeners) listener();
  }
}

function parse(message: MessageEvent): unknown {
  return JSON.parse(String(message.data));
}
