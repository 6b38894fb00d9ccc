/** A rule's own figures as rows of words. Unknown figures are shown under their own name, never dropped. */

import { wordsFor } from "../../domain/codes";
import type { Messages } from "../../i18n/vi";

const UNITS: readonly [suffix: string, unit: keyof Messages["units"]][] = [
  ["_kmh", "kmh"],
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
  if (typeof value === "number") {
    const unit = UNITS.find(([suffix]) => name.endsWith(suffix))?.[1];
    const figure = Number.isInteger(value) ? String(value) : value.toFixed(1);
    return unit ? `${figure} ${t.units[unit]}` : figure;
  }
  if (typeof value === "string") return wordsFor({ direction: t.directions, zone_kind: t.zoneKinds }[name] ?? {}, value);
  return JSON.stringify(value);
}

/** `0.873` → `87 %`. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
