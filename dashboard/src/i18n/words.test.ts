import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { REJECT_CODES, RULES, SIGNAL_STATES, wordsFor, ZONE_KINDS } from "../domain/codes";
import { actWords } from "../domain/words";
import { alert } from "../testing/samples";
import { messages } from "./index";
import type { Messages } from "./vi";

const ROOT = join(import.meta.dirname, "../../..");
const NUMBERS_AND_NAMES = new Set(["product", "languageName", "nav.cameras", "cameras.title", "alerts.camera", "units.m", "units.kmh", "units.ms", "units.deg", "units.mps2", "decision.by", "decision.said", "reasons.none.todo"]);

/** Every text under its path; functions are called with plain arguments. */
function texts(value: unknown, path = ""): [string, string][] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value === "function") return [[path, String((value as (...args: unknown[]) => unknown)(7, "x", "y"))]];
  return Object.entries(value as object).flatMap(([key, inner]) => texts(inner, path ? `${path}.${key}` : key));
}

describe("words", () => {
  const vi = new Map(texts(messages.vi));
  const en = new Map(texts(messages.en));

  it("are there in both languages under the same names", () => {
    expect([...en.keys()].sort()).toEqual([...vi.keys()].sort());
  });

  it("are never empty, except that a well camera needs nothing done", () => {
    for (const [path, words] of [...vi, ...en]) if (path !== "reasons.none.todo") expect(words.trim(), path).not.toBe("");
  });

  it("are translated, not copied", () => {
    const same = [...vi].filter(([path, words]) => en.get(path) === words && !NUMBERS_AND_NAMES.has(path));
    expect(same).toEqual([]);
  });

  it("stand in composed Vietnamese letters, as fonts and searches expect", () => {
    for (const [path, words] of vi) expect(words, path).toBe(words.normalize("NFC"));
  });
});

describe("codes of the road", () => {
  it("has words for each rule of the catalogue, and each rule there is at the edge is in it", () => {
    const contract = readFileSync(join(ROOT, "contracts/scene/rules.py"), "utf8");
    const listed = /^RuleId = Literal\[(.*?)^\]/ms.exec(contract)?.[1] ?? "";
    const catalogue = [...listed.matchAll(/"(\w+)"/g)].map((found) => found[1]);
    expect(catalogue.length).toBeGreaterThan(0);
    expect([...RULES]).toEqual(catalogue);
    const folder = join(ROOT, "edge/rules");
    const made = readdirSync(folder)
      .filter((name) => name.endsWith(".py"))
      .flatMap((name) => /^ID(?:: [^=]+)? = "(\w+)"/m.exec(readFileSync(join(folder, name), "utf8"))?.[1] ?? []);
    expect(made.length).toBeGreaterThan(0);
    expect(catalogue).toEqual(expect.arrayContaining(made));
  });

  it.each([
    ["contracts/scene/places.py", "ZoneKind", ZONE_KINDS],
    ["contracts/signals.py", "SignalState", SIGNAL_STATES],
  ])("has words for each code of %s, %s", (file, name, codes) => {
    const listed = new RegExp(`^${name} = Literal\\[([^\\]]*)\\]`, "m").exec(readFileSync(join(ROOT, file), "utf8"))?.[1] ?? "";
    expect([...listed.matchAll(/"(\w+)"/g)].map((found) => found[1])).toEqual([...codes]);
  });

  it("has words and something to do for each reason of the contract", () => {
    const document = JSON.parse(readFileSync(join(ROOT, "docs/reference/openapi.json"), "utf8")) as {
      components: { schemas: { Reason: { enum: string[] } } };
    };
    const reasons = document.components.schemas.Reason.enum;
    for (const t of Object.values<Messages>(messages)) {
      expect(Object.keys(t.reasons).sort()).toEqual([...reasons].sort());
    }
  });

  it("shows a code that has no words yet as it came", () => {
    expect(wordsFor(messages.vi.rules, "flying_car")).toBe("flying_car");
    expect(wordsFor(messages.vi.rules, "toString")).toBe("toString");
  });

  it("does not call a watched zone forbidden", () => {
    const event = alert(1, { rule: "intrusion" });
    expect(actWords(event, messages.vi)).toBe("Vào vùng cấm");
    const watched = { ...event, data: { ...event.data, facts: { zone_kind: "presence" } } };
    expect(actWords(watched, messages.vi)).toBe("Có người hoặc xe trong vùng theo dõi");
  });

  it("has a digit key for each reason to reject", () => {
    expect(REJECT_CODES.length).toBeLessThanOrEqual(9);
  });
});
