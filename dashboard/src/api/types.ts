/** Names for the shapes of the centre's API; the shapes themselves are made from its OpenAPI document. */

import type { components } from "./schema";

type Schemas = components["schemas"];

export type Role = Schemas["Role"];
export type Permission = Schemas["Permission"];
export type Person = Schemas["PersonView"];
export type Session = Schemas["SessionView"];

export type EventView = Schemas["EventView"];
export type Provision = Schemas["ProvisionView"];
export type EventData = Schemas["EventData"];
export type EventState = EventView["state"];
export type Kind = EventView["kind"];
/** What a person is asked to judge; a count is only a figure. */
export type AlertKind = Exclude<Kind, "count">;
export type Decision = Schemas["DecisionView"]["decision"];
export type Evidence = Schemas["EvidenceView"];
export type EvidenceFile = Schemas["EvidenceFileView"];
export type Box = NonNullable<EventData["box"]>;
export type GroundPosition = Schemas["GroundPosition"];
export type SignalSeen = Schemas["SignalSeen"];
export type SpeedRef = Schemas["SpeedRef"];
export type TimeQuality = Schemas["TimeQuality"];

export type CameraView = Schemas["CameraView"];
export type NodeView = Schemas["NodeView"];
export type Gap = Schemas["GapView"];
export type CameraState = Schemas["CameraState"];
export type Reason = Schemas["Reason"];

export interface Page<T> {
  items: T[];
  next: string | null;
}
