import { describe, expect, it } from "vitest";
import { messages } from "../i18n";
import { gap, node } from "../testing/samples";
import { inOrder, isFaulty, isOpen, isShown, unlisted } from "./faults";

const acknowledged = { by: "Trần Thị B", at: "2026-11-23T08:00:00.000000Z", reason: "cabinet burnt" };

describe("faults of a node", () => {
  it("are not there when nothing is wrong", () => {
    expect(isFaulty(node())).toBe(false);
    expect(isShown(node())).toBe(false);
  });

  it("are missing records, what the node says, and another key", () => {
    expect(isFaulty(node({ missing: 3 }))).toBe(true);
    expect(isFaulty(node({ faults: ["the outbox was full"] }))).toBe(true);
    expect(isFaulty(node({ key_problem: "another key" }))).toBe(true);
  });

  it("stay on the screen when they are over, without a claim that something is wrong", () => {
    const over = node({ gaps: [gap({ closed_at: "2026-11-23T07:30:00.000000Z" })] });
    expect([isFaulty(over), isShown(over)]).toEqual([false, true]);
  });

  it("shows what is open before what is over", () => {
    const open = gap({ first: 5, last: 5 });
    const late = gap({ first: 7, last: 9, closed_at: "2026-11-23T07:30:00.000000Z" });
    const lost = gap({ first: 1, last: 2, acknowledged });
    expect(inOrder([lost, late, open])).toEqual([open, lost, late]);
    expect([open, late, lost].map(isOpen)).toEqual([true, false, false]);
  });

  it("does not hide records whose gaps are not in the answer", () => {
    expect(unlisted(node({ missing: 10, gaps: [gap({ first: 118, last: 120 }), gap({ first: 1, last: 9, acknowledged })] }))).toBe(7);
  });

  it("has words for one record and for many, in both languages", () => {
    expect(messages.en.nodes.missing(1, "14:02")).toBe("1 record missing since 14:02");
    expect(messages.en.nodes.numbers(118, 120)).toBe("numbers 118 to 120");
    expect(messages.vi.nodes.missing(3, "14:02")).toBe("Thiếu 3 bản ghi từ 14:02");
  });
});
