import { describe, expect, it } from "vitest";
import { safeTarget, tokenOf } from "./rules";

describe("one-time links", () => {
  it("carry the code after #, or in the query", () => {
    expect(tokenOf({ hash: "#token=abc_-1", search: "" })).toBe("abc_-1");
    expect(tokenOf({ hash: "", search: "?token=xyz" })).toBe("xyz");
    expect(tokenOf({ hash: "", search: "" })).toBe("");
  });
});

describe("after sign-in", () => {
  it("goes back to a page of ours and nowhere else", () => {
    expect(safeTarget("/alerts/1?state=all")).toBe("/alerts/1?state=all");
    for (const bad of ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:1", "/sign-in", null, 5]) {
      expect(safeTarget(bad), String(bad)).toBe("/alerts");
    }
  });
});
