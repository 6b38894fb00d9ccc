import { describe, expect, it } from "vitest";
import { alert } from "../testing/samples";
import { arrived, caughtUp, changed, extended, KEPT, loaded, neighbour, nextUndecided, shown, type Feed } from "./feed";

const ids = (feed: Feed) => feed.items.map((item) => item.id);
const waiting = (feed: Feed) => feed.pending.map((item) => item.id);
const three = loaded({ items: [alert(3), alert(2), alert(1)], next: "c1" });

describe("what is under the pointer never moves", () => {
  it("lets a new alert wait while the list is held", () => {
    const feed = arrived(three, alert(4), true);
    expect(ids(feed)).toEqual(["event-3", "event-2", "event-1"]);
    expect(waiting(feed)).toEqual(["event-4"]);
  });

  it("puts it on top at once when nobody is there", () => {
    expect(ids(arrived(three, alert(4), false))).toEqual(["event-4", "event-3", "event-2", "event-1"]);
  });

  it("lets later ones wait too while something waits, so that none overtakes", () => {
    const feed = arrived(arrived(three, alert(4), true), alert(5), false);
    expect(ids(feed)).toEqual(ids(three));
    expect(waiting(feed)).toEqual(["event-5", "event-4"]);
  });

  it("shows what waits when asked, each once, newest first", () => {
    const feed = shown(arrived(arrived(three, alert(5), true), alert(4), true));
    expect(ids(feed)).toEqual(["event-5", "event-4", "event-3", "event-2", "event-1"]);
    expect(feed.pending).toEqual([]);
  });

  it("does not count a repeated alert twice", () => {
    const once = arrived(three, alert(4), true);
    expect(waiting(arrived(once, alert(4), true))).toEqual(["event-4"]);
    expect(ids(arrived(three, alert(2), false))).toEqual(ids(three));
  });
});

describe("changes in place", () => {
  it("replaces evidence and decision without moving", () => {
    const feed = changed(three, alert(2, { state: "confirmed", version: 2 }));
    expect(ids(feed)).toEqual(ids(three));
    expect(feed.items[1]?.state).toBe("confirmed");
  });

  it("keeps a decided alert that an older message says is new", () => {
    const decided = changed(three, alert(2, { state: "confirmed", version: 2 }));
    expect(changed(decided, alert(2, { version: 1 })).items[1]?.state).toBe("confirmed");
  });

  it("changes one that waits", () => {
    const feed = changed(arrived(three, alert(4), true), alert(4, { still_url: "/s.jpg" }));
    expect(feed.pending[0]?.still_url).toBe("/s.jpg");
  });
});

describe("after a break", () => {
  it("brings what was missed as if it had just come", () => {
    const feed = caughtUp(three, { items: [alert(5), alert(4), alert(3)], next: "c2" }, true);
    expect(ids(feed)).toEqual(ids(three));
    expect(waiting(feed)).toEqual(["event-5", "event-4"]);
    expect(feed.overflowed).toBe(false);
  });

  it("starts anew when more was missed than a page holds, so that no hole is hidden in the list", () => {
    const feed = shown(caughtUp(three, { items: [alert(90), alert(89)], next: "c3" }, true));
    expect(ids(feed)).toEqual(["event-90", "event-89"]);
    expect(feed.older).toEqual({ by: "time", to: alert(89).time });
  });
});

describe("a long shift", () => {
  it("keeps a bounded list and reads the rest by time", () => {
    let feed = three;
    for (let n = 4; n < KEPT + 20; n += 1) feed = arrived(feed, alert(n), false);
    expect(feed.items).toHaveLength(KEPT);
    expect(feed.older).toEqual({ by: "time", to: feed.items.at(-1)?.time });
  });

  it("keeps a bounded number waiting and says that there are more", () => {
    let feed = three;
    for (let n = 4; n < KEPT + 20; n += 1) feed = arrived(feed, alert(n), true);
    expect(feed.pending).toHaveLength(KEPT);
    expect(feed.overflowed).toBe(true);
  });

  it("adds older pages without repeats", () => {
    const feed = extended(three, { items: [alert(1), alert(0)], next: null });
    expect(ids(feed)).toEqual(["event-3", "event-2", "event-1", "event-0"]);
    expect(feed.older).toBeNull();
  });
});

describe("moving through the list", () => {
  it("goes down and up and stops at the ends", () => {
    expect(neighbour(three.items, null, 1)?.id).toBe("event-3");
    expect(neighbour(three.items, "event-3", 1)?.id).toBe("event-2");
    expect(neighbour(three.items, "event-3", -1)).toBeNull();
    expect(neighbour(three.items, "event-1", 1)).toBeNull();
  });

  it("after a decision goes to the next undecided below, then from the top, then nowhere", () => {
    const items = [alert(4), alert(3, { state: "confirmed" }), alert(2), alert(1, { state: "rejected" })];
    expect(nextUndecided(items, "event-4")?.id).toBe("event-2");
    expect(nextUndecided(items, "event-2")?.id).toBe("event-4");
    expect(nextUndecided([alert(4)], "event-4")).toBeNull();
  });
});
