/** Filters of the alert list, kept in the page's address so that a view can be linked. */

import type { AlertKind, EventState, EventView } from "../api/types";

export interface Filters {
  kind: AlertKind | "all";
  camera: string | null;
  state: EventState | "all";
}

/** Where everybody starts. */
export const EVERYTHING_OPEN: Filters = { kind: "all", camera: null, state: "new" };

const KINDS: readonly string[] = ["violation", "incident"];
const STATES: readonly string[] = ["new", "confirmed", "rejected", "all"];

/** Unknown values in an address fall back to the default: open work of every kind. */
export function readFilters(search: URLSearchParams): Filters {
  const kind = search.get("kind") ?? "";
  const state = search.get("state") ?? "";
  return {
    kind: KINDS.includes(kind) ? (kind as AlertKind) : "all",
    camera: search.get("camera"),
    state: STATES.includes(state) ? (state as Filters["state"]) : "new",
  };
}

/** The shortest address that says the same. */
export function writeFilters(filters: Filters): string {
  const search = new URLSearchParams();
  if (filters.kind !== "all") search.set("kind", filters.kind);
  if (filters.camera) search.set("camera", filters.camera);
  if (filters.state !== "new") search.set("state", filters.state);
  const text = search.toString();
  return text ? `?${text}` : "";
}

/** Query for the API; counts are never asked for, they are not alerts. */
export function apiQuery(filters: Filters, limit: number): URLSearchParams {
  const query = new URLSearchParams({ limit: String(limit) });
  for (const kind of filters.kind === "all" ? KINDS : [filters.kind]) query.append("kind", kind);
  if (filters.camera) query.set("camera", filters.camera);
  if (filters.state !== "all") query.set("state", filters.state);
  return query;
}

export function matches(filters: Filters, event: EventView): boolean {
  if (event.kind === "count") return false;
  if (filters.kind !== "all" && event.kind !== filters.kind) return false;
  if (filters.camera && event.camera.id !== filters.camera) return false;
  return filters.state === "all" || event.state === filters.state;
}

export function isDefault(filters: Filters): boolean {
  return filters.kind === "all" && filters.camera === null && filters.state === "new";
}
