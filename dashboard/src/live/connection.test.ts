import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { camera, node } from "../testing/samples";
import { LiveConnection, type LiveMessage } from "./connection";

/** The browser's EventSource as far as the connection uses it, steered by the test. */
class Line extends EventTarget {
  readyState = 0;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  close() {
    this.readyState = 2;
  }
  opens() {
    this.readyState = 1;
    this.onopen?.();
  }
  breaks(forGood: boolean) {
    this.readyState = forGood ? 2 : 0;
    this.onerror?.();
  }
  says(type: string, data: unknown) {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }));
  }
}

function world() {
  const lines: Line[] = [];
  const state = { alive: true };
  const connection = new LiveConnection({
    open: () => {
      const line = new Line();
      lines.push(line);
      return line as unknown as EventSource;
    },
    beat: () => (state.alive ? Promise.resolve() : Promise.reject(new Error("away"))),
    now: () => Date.now(),
  });
  const heard: LiveMessage[] = [];
  connection.subscribe((message) => heard.push(message));
  connection.start();
  return { connection, lines, heard, state, line: () => lines.at(-1)! };
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  vi.stubGlobal("EventSource", { CLOSED: 2 });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the live stream", () => {
  it("reads the newest page again each time it opens: nothing is missed between", () => {
    const { connection, heard, line } = world();
    expect(connection.state.status).toBe("connecting");
    line().opens();
    line().breaks(false);
    expect(connection.state.status).toBe("lost");
    line().opens();
    expect(connection.state.status).toBe("live");
    expect(heard).toEqual([{ type: "resync" }, { type: "resync" }]);
    connection.stop();
  });

  it("passes on what it hears, and a reset as a wish to read again", () => {
    const { connection, heard, line } = world();
    line().says("camera", camera("a"));
    line().says("node", node({ missing: 3 }));
    line().says("reset", {});
    expect(heard).toEqual([{ type: "camera", camera: camera("a") }, { type: "node", node: node({ missing: 3 }) }, { type: "resync" }]);
    connection.stop();
  });

  it("opens a new line when the browser gave up", async () => {
    const { connection, lines, line } = world();
    line().breaks(true);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(lines).toHaveLength(2);
    connection.stop();
  });

  it("notices a line that died in silence, keeps the age of what is shown, and comes back", async () => {
    const { connection, lines, state, line } = world();
    line().opens();
    state.alive = false;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(connection.state).toEqual({ status: "lost", heardAt: 1_000_000 });
    state.alive = true;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(lines).toHaveLength(2);
    line().opens();
    expect(connection.state.status).toBe("live");
    connection.stop();
  });
});
