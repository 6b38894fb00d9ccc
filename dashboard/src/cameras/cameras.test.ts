import { describe, expect, it } from "vitest";
import { camera } from "../testing/samples";
import { Slots } from "./slots";
import { frameAge, keepOrder, LIVE_WITHIN_S, pictureOf, shownState } from "./status";

describe("a picture is shown only while it is live", () => {
  it("is live while frames are fresh and the centre answers", () => {
    expect(pictureOf(camera("a"), 0, true)).toBe("live");
  });

  it("is never shown of an offline camera, nor when the centre is away", () => {
    expect(pictureOf(camera("a", { state: "offline" }), 0, true)).toBe("offline");
    expect(pictureOf(camera("a"), 0, false)).toBe("disconnected");
    expect(pictureOf(camera("a", { state: "offline" }), 0, false)).toBe("disconnected");
  });

  it("grows stale by itself when no news comes", () => {
    expect(pictureOf(camera("a"), LIVE_WITHIN_S, true)).toBe("stale");
    expect(pictureOf(camera("a", { last_frame_age_s: null }), 0, true)).toBe("stale");
    expect(frameAge(camera("a", { last_frame_age_s: 2 }), 3)).toBe(5);
  });
});

describe("the state that is shown", () => {
  it("does not call a camera working whose frames stopped", () => {
    expect(shownState(camera("a"), 0)).toBe("online");
    expect(shownState(camera("a", { last_frame_age_s: 2_100 }), 0)).toBe("offline");
    expect(shownState(camera("a", { state: "degraded", last_frame_age_s: 2_100 }), 0)).toBe("offline");
    expect(shownState(camera("a", { state: "starting", last_frame_age_s: null }), 0)).toBe("starting");
  });
});

describe("the wall", () => {
  it("keeps its order under the pointer and puts new cameras last", () => {
    const fresh = [camera("c", { state: "offline" }), camera("new"), camera("a"), camera("b")];
    expect(keepOrder(["a", "b", "c"], fresh).map((one) => one.camera)).toEqual(["a", "b", "c", "new"]);
  });
});

describe("streams", () => {
  it("gives a freed place to the tile that waited longest", () => {
    const slots = new Slots(1);
    const heard: string[] = [];
    const free = slots.ask((granted) => heard.push(`a ${granted}`));
    slots.ask((granted) => heard.push(`b ${granted}`));
    const leave = slots.ask((granted) => heard.push(`c ${granted}`));
    leave();
    free();
    expect(heard).toEqual(["a true", "b false", "c false", "b true"]);
  });

  it("does not free a place twice", () => {
    const slots = new Slots(1);
    const free = slots.ask(() => undefined);
    free();
    slots.ask(() => undefined);
    free();
    let granted = true;
    slots.ask((now) => (granted = now));
    expect(granted).toBe(false);
  });
});
