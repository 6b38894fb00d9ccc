/** Who is signed in, and what that person may do. The centre decides; this only saves people useless clicks. */

import { createContext, useContext } from "react";
import type { AlertKind, Kind, Person, Role } from "../api/types";

export const PersonContext = createContext<Person | null>(null);

export function usePerson(): Person {
  const person = useContext(PersonContext);
  if (!person) throw new Error("usePerson outside of the shell");
  return person;
}

const MAY_DECIDE: Record<AlertKind, readonly Role[]> = {
  violation: ["officer", "admin"],
  incident: ["officer", "operator", "admin"],
};

/** As the table in docs/reference/api.md: `violation:decide`, `incident:decide`. */
export function mayDecide(role: Role, kind: Kind): boolean {
  return kind !== "count" && MAY_DECIDE[kind].includes(role);
}

export function mayManagePeople(role: Role): boolean {
  return role === "admin";
}
