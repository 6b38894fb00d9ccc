/** A rule's own figures as rows of words. Unknown figures are shown under their own name, never dropped. */

import type { GroundPosition, SpeedRef } from "../../api/types";
import { wordsFor } from "../../domain/codes";
import { decimal } from "../../domain/figures";
import type { Messages } from "../../i18n/vi";

const UNITS: readonly [suffix: string, unit: keyof Messages["units"]][] = [
  ["_kmh", "kmh"],
  ["_mps2", "mps2"],
  ["_deg", "deg"],
  ["_ms", "ms"],
  ["_m", "m"],
  ["_s", "s"],
];

export function factRows(facts: Readonly<Record<string, unknown>>, t: Messages): [string, string][] {
  return Object.entries(facts)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => [wordsFor(t.facts, name), factValue(name, value, t)]);
}

function factValue(name: string, value: unknown, t: Messages): string {
  if (typeof value === "boolean") return value ? t.truth.yes : t.truth.no;
  if (typeof value === "number") {
    if (name.endsWith("_ratio") || name.endsWith("_share")) return percent(value);
    const unit = name.endsWith("_per_s") ? undefined : UNITS.find(([suffix]) => name.endsWith(suffix))?.[1];
    const figure = Number.isInteger(value) ? String(value) : decimal(value, t);
    return unit ? `${figure} ${t.units[unit]}` : figure;
  }
  if (typeof value === "string") return wordsFor(wordsOf(name, t), value);
  if (Array.isArray(value)) return value.map((one) => factValue(name, one, t)).join(", ");
  return JSON.stringify(value);
}

/** Words of the codes that a figure of this name may hold. */
function wordsOf(name: string, t: Messages): Readonly<Record<string, string>> {
  const tables: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    direction: t.directions,
    zone_kind: t.zoneKinds,
    other_class: t.classes,
    allowed: t.classes,
    closed_to: t.classes,
    kind: t.turnKinds,
    act: t.stopActs,
    around: t.around,
  };
  return tables[name] ?? {};
}

/** Value with its uncertainty, and how it was measured. A speed by this camera alone is never more than screening. */
export function speedWords(speed: SpeedRef, t: Messages): [string, string] {
  const value = `${decimal(speed.kmh, t)} ± ${decimal(speed.uncertainty_kmh, t)} ${t.units.kmh}`;
  const how = speed.method === "section" ? t.speed.section : t.speed.screening;
  return [value, `${how}; ${t.speed.window(decimal(speed.window_s, t))}`];
}

/** Where on the ground: degrees where control points were surveyed so, else metres in the scene's plane. */
export function positionRow(position: GroundPosition, t: Messages): [string, string] {
  const { latitude, longitude, metres } = position;
  if (latitude !== null && longitude !== null) return [t.position.wgs84, `${latitude.toFixed(6)}, ${longitude.toFixed(6)}`];
  return [t.position.metres, metres.map((value) => `${decimal(value, t)} ${t.units.m}`).join("; ")];
}

/** `-8.24` → `−8,2`, `1` → `+1,0`: seconds from the act. */
export function offset(seconds: number, t: Messages): string {
  const figure = decimal(Math.abs(seconds), t);
  if (figure === decimal(0, t)) return figure;
  return seconds < 0 ? `−${figure}` : `+${figure}`;
}

/** `0.873` → `87 %`. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
