import { describe, expect, it } from "vitest";
import { alert } from "../testing/samples";
import { apiQuery, isDefault, matches, readFilters, writeFilters } from "./filters";

const read = (text: string) => readFilters(new URLSearchParams(text));

describe("filters in the address", () => {
  it("is open work of every kind when nothing is said, or nonsense", () => {
    expect(isDefault(read(""))).toBe(true);
    expect(isDefault(read("kind=count&state=lost"))).toBe(true);
  });

  it("comes back as it was written", () => {
    const filters = read("kind=incident&camera=a%20b&state=all");
    expect(filters).toEqual({ kind: "incident", camera: "a b", state: "all" });
    expect(read(writeFilters(filters))).toEqual(filters);
  });

  it("asks the centre for violations and incidents, never for counts", () => {
    expect(apiQuery(read(""), 50).toString()).toBe("limit=50&kind=violation&kind=incident&state=new");
    expect(apiQuery(read("kind=violation&state=all"), 5).toString()).toBe("limit=5&kind=violation");
  });

  it("matches what the centre would have sent", () => {
    expect(matches(read(""), alert(1))).toBe(true);
    expect(matches(read(""), alert(1, { state: "rejected" }))).toBe(false);
    expect(matches(read("kind=incident"), alert(1))).toBe(false);
    expect(matches(read("camera=other"), alert(1))).toBe(false);
    expect(matches(read("state=all"), alert(1, { kind: "count" }))).toBe(false);
  });
});
