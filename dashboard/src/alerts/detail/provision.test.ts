import { describe, expect, it } from "vitest";
import type { Provision } from "../../api/types";
import { messages } from "../../i18n";
import { money, parts, texts } from "./provision";

const ROW: Provision = {
  instrument: "decree-238-2026",
  title_vi: "Nghị định 168",
  title_en: "Decree 168",
  ref: "6.9.b",
  vi: "Vượt đèn đỏ",
  en: "Red light",
  condition_vi: "khi",
  condition_en: "when",
  fine_min: 18_000_000,
  fine_max: 20_000_000,
  fine_default: 19_000_000,
  currency: "VND",
  points: 4,
  verified: false,
  note_vi: "chưa",
  note_en: "not yet",
};

describe("a provision of the law", () => {
  it("is cited as each language cites it", () => {
    expect(messages.vi.law.ref(...parts("6.9.b"))).toBe("Điểm b, khoản 9, Điều 6");
    expect(messages.en.law.ref(...parts("6.9.b"))).toBe("Article 6(9)(b)");
    expect(messages.vi.law.ref(...parts("9.5"))).toBe("khoản 5, Điều 9");
  });

  it("shows money with its separators", () => {
    expect(money(19_000_000, "VND", "vi").replace(/\s/g, " ")).toBe("19.000.000 ₫");
    expect(money(19_000_000, "VND", "en")).toContain("19,000,000");
  });

  it("speaks the language of the screen", () => {
    expect(texts(ROW, "vi")).toEqual({ act: "Vượt đèn đỏ", instrument: "Nghị định 168", condition: "khi", note: "chưa" });
    expect(texts(ROW, "en").note).toBe("not yet");
  });
});
