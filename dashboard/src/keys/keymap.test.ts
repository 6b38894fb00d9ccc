import { describe, expect, it } from "vitest";
import { actionOf, isTaken, isTyping } from "./keymap";

const press = (key: string, held: Partial<{ ctrlKey: boolean; altKey: boolean; metaKey: boolean; repeat: boolean }> = {}) =>
  actionOf({ key, ctrlKey: false, altKey: false, metaKey: false, repeat: false, ...held });

function element(html: string): Element {
  const box = document.createElement("div");
  box.innerHTML = html;
  return box.firstElementChild!;
}

describe("keys", () => {
  it("is what the help says", () => {
    expect(press("j")).toBe("next");
    expect(press("k")).toBe("previous");
    expect(press("Enter")).toBe("open");
    expect(press("c")).toBe("confirm");
    expect(press("r")).toBe("reject");
    expect(press("?")).toBe("help");
    expect(press("Escape")).toBe("escape");
  });

  it("works with caps lock and leaves the browser's own keys alone", () => {
    expect(press("C")).toBe("confirm");
    expect(press("c", { ctrlKey: true })).toBeNull();
    expect(press("r", { metaKey: true })).toBeNull();
    expect(press("x")).toBeNull();
    expect(press("constructor")).toBeNull();
  });

  it("never decides again because a key is held down, but goes on moving", () => {
    expect(press("c", { repeat: true })).toBeNull();
    expect(press("r", { repeat: true })).toBeNull();
    expect(press("j", { repeat: true })).toBe("next");
  });

  it("is silent while somebody types", () => {
    for (const html of ["<input>", "<textarea></textarea>", "<select></select>", "<p contenteditable></p>"]) {
      expect(isTyping(element(html)), html).toBe(true);
    }
    expect(isTyping(element('<input type="checkbox">'))).toBe(false);
    expect(isTyping(element('<input type="radio">'))).toBe(false);
    expect(isTyping(document.body)).toBe(false);
  });

  it("leaves Enter to a focused button and the player's keys to the player", () => {
    expect(isTaken("open", element("<button></button>"))).toBe(true);
    expect(isTaken("confirm", element("<button></button>"))).toBe(false);
    expect(isTaken("still1", element("<video></video>"))).toBe(true);
    expect(isTaken("next", element("<video></video>"))).toBe(false);
  });
});
