import { describe, expect, it } from "vitest";
import type { EvidenceFile } from "../../api/types";
import { messages } from "../../i18n";
import { alert, NO_EVIDENCE } from "../../testing/samples";
import { proofOf } from "./custody";
import { factRows, offset, percent, positionRow, speedWords } from "./facts";
import { clipOf, stillUrl } from "./pictures";
import { needsWords, readReason, storedReason } from "./reasons";

const { vi, en } = messages;

function file(role: string, url: string | null): EvidenceFile {
  return { name: role, role, url, media_type: "video/mp4", size: 1, sha256: "0".repeat(64), derived_from: null };
}

describe("custody line", () => {
  it("says verified only when the centre checked hash and signature", () => {
    expect(proofOf({ ...NO_EVIDENCE, state: "complete", verified: true }, vi)).toMatchObject({ tone: "ok", words: vi.detail.verified });
    expect(proofOf({ ...NO_EVIDENCE, state: "complete" }, vi).tone).toBe("wait");
  });

  it("puts a failed check before everything else and gives the problem", () => {
    const proof = proofOf({ ...NO_EVIDENCE, state: "on_its_way", verified: false, problem: "clip.mp4 was altered" }, vi);
    expect(proof).toMatchObject({ tone: "bad", details: ["clip.mp4 was altered"] });
  });

  it("says what an incomplete package lacks, and that the rest holds", () => {
    const proof = proofOf({ ...NO_EVIDENCE, state: "incomplete", verified: true, notes: ["No clip."] }, en);
    expect(proof.tone).toBe("warn");
    expect(proof.details).toEqual(["No clip.", en.detail.verified]);
  });
});

describe("pictures", () => {
  it("shows the still at the act before the package is here", () => {
    const event = alert(1, { still_url: "/still.jpg" });
    expect(stillUrl(event, "at")).toBe("/still.jpg");
    expect(stillUrl(event, "before")).toBeNull();
  });

  it("plays the derived copy first and keeps the original to fall back on and to download", () => {
    const files = [file("clip", "/clip.mkv"), file("clip_derived", "/clip.mp4")];
    const clip = clipOf(alert(1, { evidence: { ...NO_EVIDENCE, files } }));
    expect(clip?.sources).toEqual([{ url: "/clip.mp4", derived: true }, { url: "/clip.mkv", derived: false }]);
    expect(clip?.original.url).toBe("/clip.mkv");
  });

  it("has nothing to play while the clip is on its way", () => {
    const clip = clipOf(alert(1, { evidence: { ...NO_EVIDENCE, files: [file("clip", null)] } }));
    expect(clip?.sources).toEqual([]);
    expect(clipOf(alert(1))).toBeNull();
  });
});

describe("facts", () => {
  it("gives figures their words and units and drops none that it does not know", () => {
    expect(factRows({ dwell_s: 4.25, zone_kind: "restricted", depth_px: 3, nothing: null }, vi)).toEqual([
      ["Thời gian ở lại", "4,3 giây"],
      ["Loại vùng", "vùng cấm"],
      ["depth_px", "3"],
    ]);
    expect(percent(0.876)).toBe("88 %");
  });

  it("shows a value with the name of a built-in as it came", () => {
    expect(factRows({ direction: "constructor" }, vi)).toEqual([["Hướng", "constructor"]]);
  });
});

describe("speed and signals", () => {
  it("says of a speed how sure it is, and that this camera alone is no verified device", () => {
    const speed = { kmh: 62.44, uncertainty_kmh: 2.06, window_s: 0.9, method: "screening" } as const;
    expect(speedWords(speed, vi)).toEqual(["62,4 ± 2,1 km/h", "tham khảo, chưa kiểm định; đo trong 0,9 giây"]);
    expect(speedWords(speed, en)[1]).toContain("screening");
    expect(speedWords({ ...speed, method: "section" }, vi)[1]).toContain("trung bình trên đoạn");
  });

  it("tells a place in degrees where it can, else in metres", () => {
    const spot = { metres: [12.34, -5] as [number, number], latitude: 10.7712345, longitude: 106.69 } as const;
    expect(positionRow(spot, vi)).toEqual(["Tọa độ (WGS 84)", "10.771235, 106.690000"]);
    const plain = { ...spot, latitude: null, longitude: null };
    expect(positionRow(plain, en)[1]).toBe("12.3 m; -5.0 m");
  });

  it("counts seconds from the act, before and after it", () => {
    expect([-8.24, -0.04, 0, 1.25].map((seconds) => offset(seconds, vi))).toEqual(["−8,2", "0,0", "0,0", "+1,3"]);
  });

  it("reads yes and no, shares, and codes by what they are about", () => {
    const facts = { after_overrun: true, queue_ratio: 0.756, act: "parking", kind: "u_turn", deceleration_mps2: 6.25 };
    expect(factRows(facts, vi).map(([, value]) => value)).toEqual(["có", "76 %", "đỗ xe", "quay đầu", "6,3 m/s²"]);
    const lists = { closed_to: ["truck", "bus"], pace_box_sizes_per_s: 2.46 };
    expect(factRows(lists, vi)).toEqual([
      ["Cấm", "Xe tải, Xe buýt"],
      ["Tốc độ (cỡ khung mỗi giây)", "2,5"],
    ]);
  });
});

describe("reasons of a rejection", () => {
  it("is stored as a code and read in either language", () => {
    expect(storedReason("unclear", "  ")).toBe("unclear");
    expect(readReason("unclear", vi)).toBe("Hình không đủ rõ");
    expect(readReason("unclear", en)).toBe("Pictures not clear enough");
  });

  it("keeps own words, over lines too", () => {
    const stored = storedReason("permitted", " xe cứu thương\nđang làm nhiệm vụ ");
    expect(readReason(stored, en)).toBe("Permitted (emergency vehicle, ordered): xe cứu thương\nđang làm nhiệm vụ");
    expect(readReason(storedReason("other", "trời mưa"), vi)).toBe("trời mưa");
  });

  it("shows texts of other programs as they are", () => {
    expect(readReason("not a violation", vi)).toBe("not a violation");
    expect(readReason("toString", vi)).toBe("toString");
  });

  it("asks for words only where the choice says nothing", () => {
    expect(needsWords("other", " ")).toBe(true);
    expect(needsWords("unclear", "")).toBe(false);
  });
});
