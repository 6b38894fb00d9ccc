import { describe, expect, it } from "vitest";
import { focusOf } from "./focus";

/** Where a point of the picture lies after it grew. */
const seen = (share: number, origin: number, scale: number) => origin / 100 + (share - origin / 100) * scale;

describe("thumbnails show the road user", () => {
  it("shows everything when the place is not known", () => {
    expect(focusOf(null).scale).toBe(1);
  });

  it("brings a small road user into the middle", () => {
    const { scale, originX, originY } = focusOf([0.45, 0.5, 0.5, 0.6]);
    expect(scale).toBeGreaterThan(3);
    expect(seen(0.475, originX, scale)).toBeCloseTo(0.5);
    expect(seen(0.55, originY, scale)).toBeCloseTo(0.5);
  });

  it("never shows beyond the picture's edge, even for a box that leaves it", () => {
    const { scale, originX } = focusOf([0.97, 0.1, 1.2, 0.2]);
    expect(seen(1, originX, scale)).toBeGreaterThanOrEqual(1);
    expect(seen(0, originX, scale)).toBeLessThanOrEqual(0);
  });

  it("does not shrink for a road user who fills the picture", () => {
    expect(focusOf([0, 0, 1, 1]).scale).toBe(1);
  });
});
