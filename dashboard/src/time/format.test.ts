import { describe, expect, it } from "vitest";
import { messages } from "../i18n";
import { age, clock, dateTime, exactTime, shortTime } from "./format";

describe("times in Viet Nam", () => {
  it("is UTC+7, day first, 24 hours, wherever the browser stands", () => {
    expect(dateTime("2026-11-22T08:15:30.123456Z")).toBe("22/11/2026 15:15:30");
    expect(exactTime("2026-11-22T08:15:30.123456Z")).toBe("22/11/2026 15:15:30.123");
  });

  it("turns the day at 17:00 UTC, and midnight is 00", () => {
    expect(dateTime("2026-11-22T17:00:00Z")).toBe("23/11/2026 00:00:00");
    expect(clock(new Date("2026-12-31T17:05:09Z"))).toBe("00:05:09");
  });

  it("is short in lists, with the day when it is not today", () => {
    const now = new Date("2026-11-22T10:00:00Z");
    expect(shortTime("2026-11-22T08:15:30Z", now)).toBe("15:15:30");
    expect(shortTime("2026-11-21T08:15:30Z", now)).toBe("21/11 15:15");
  });

  it("says nothing for what is no time", () => {
    expect(dateTime("yesterday")).toBe("");
    expect(exactTime("")).toBe("");
    expect(shortTime("x", new Date())).toBe("");
  });
});

describe("ages", () => {
  const { vi, en } = messages;
  it("grows from seconds to days and is never negative", () => {
    expect(age(-3, vi)).toBe("0 giây");
    expect(age(59.9, vi)).toBe("59 giây");
    expect(age(60, vi)).toBe("1 phút");
    expect(age(7200, vi)).toBe("2 giờ");
    expect(age(86_400, en)).toBe("1 day");
    expect(age(200_000, en)).toBe("2 days");
  });
});
