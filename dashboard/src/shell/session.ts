/** Who is signed in, and what that person may do. The centre decides; this only saves people useless clicks. */

import { createContext, useContext } from "react";
import type { Kind, Person } from "../api/types";

export const PersonContext = createContext<Person | null>(null);

export function usePerson(): Person {
  const person = useContext(PersonContext);
  if (!person) throw new Error("usePerson outside of the shell");
  return person;
}

export function mayDecide(person: Person, kind: Kind): boolean {
  return kind !== "count" && person.permissions.includes(`${kind}:decide`);
}

export function mayHold(person: Person): boolean {
  return person.permissions.includes("event:hold");
}

export function mayAcknowledge(person: Person): boolean {
  return person.permissions.includes("gap:acknowledge");
}

export function mayManagePeople(person: Person): boolean {
  return person.permissions.includes("person:manage");
}
