/** What the pages ask the centre, by TanStack Query; the keys stand here and nowhere else. */

import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { ApiError, call, setCsrf } from "./client";
import type { components } from "./schema";
import type { CameraView, Decision, EventView, Gap, NodeView, Page, Person, Role, Session } from "./types";

/** Another person, or nobody, is in front of the screen: nothing that the one before saw stays in memory. */
export function sessionBecomes(client: QueryClient, session: Session | null): void {
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== "session" && query.queryKey[0] !== "setup" });
  client.setQueryData(sessionQuery.queryKey, session);
}

/** null: nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      const session = await call<Session>("/session", { signal });
      setCsrf(session.csrf);
      return session;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: Infinity,
});

export const setupQuery = queryOptions({
  queryKey: ["setup"],
  queryFn: ({ signal }) => call<{ needed: boolean }>("/setup", { signal }),
  staleTime: Infinity,
});

export const eventQuery = (id: string) =>
  queryOptions({
    queryKey: ["event", id],
    queryFn: ({ signal }) => call<EventView>(`/events/${encodeURIComponent(id)}`, { signal }),
    staleTime: 30_000,
  });

export const camerasQuery = queryOptions({
  queryKey: ["cameras"],
  queryFn: async ({ signal }) => (await call<{ items: CameraView[] }>("/cameras", { signal })).items,
  refetchInterval: 5_000,
});

export const nodesQuery = queryOptions({
  queryKey: ["nodes"],
  queryFn: async ({ signal }) => (await call<{ items: NodeView[] }>("/nodes", { signal })).items,
  refetchInterval: 15_000,
});

export const peopleQuery = queryOptions({
  queryKey: ["people"],
  queryFn: async ({ signal }) => (await call<{ items: Person[] }>("/people", { signal })).items,
});

export function fetchEvents(query: URLSearchParams, signal?: AbortSignal): Promise<Page<EventView>> {
  return call<Page<EventView>>(`/events?${query.toString()}`, signal ? { signal } : {});
}

export function decide(event: EventView, decision: Decision, reason: string | null): Promise<EventView> {
  return call<EventView>(`/events/${encodeURIComponent(event.id)}/decision`, {
    method: "POST",
    body: { decision, reason },
    ifMatch: event.version,
  });
}

export function hold(event: EventView, reason: string): Promise<EventView> {
  return call<EventView>(`/events/${encodeURIComponent(event.id)}/hold`, { method: "PUT", body: { reason } });
}

export function liftHold(event: EventView, reason: string): Promise<EventView> {
  const why = new URLSearchParams({ reason });
  return call<EventView>(`/events/${encodeURIComponent(event.id)}/hold?${why.toString()}`, { method: "DELETE" });
}

export async function signIn(username: string, password: string): Promise<Session> {
  return entered(await call<Session>("/session", { method: "POST", body: { username, password } }));
}

export interface FirstAdmin {
  token: string;
  username: string;
  name: string;
  password: string;
}

export async function createFirstAdmin(form: FirstAdmin): Promise<Session> {
  return entered(await call<Session>("/setup", { method: "POST", body: form }));
}

export async function acceptInvitation(token: string, password: string): Promise<Session> {
  return entered(await call<Session>("/people/accept", { method: "POST", body: { token, password } }));
}

function entered(session: Session): Session {
  setCsrf(session.csrf);
  return session;
}

export async function signOut(): Promise<void> {
  await call<undefined>("/session", { method: "DELETE" });
}

export async function changePassword(old: string, next: string): Promise<void> {
  await call<undefined>("/session/password", { method: "POST", body: { old, new: next } });
}

export interface Invitation {
  username: string;
  name: string;
  role: Role;
}

/** A link to hand over; it is shown this once. */
export type OneTimeLink = components["schemas"]["LinkView"];

export function invite(invitation: Invitation): Promise<OneTimeLink & { person: Person }> {
  return call("/people", { method: "POST", body: invitation });
}

export function newLink(id: string): Promise<OneTimeLink> {
  return call(`/people/${encodeURIComponent(id)}/link`, { method: "POST" });
}

export function changePerson(id: string, change: { role?: Role; active?: boolean }): Promise<Person> {
  return call<Person>(`/people/${encodeURIComponent(id)}`, { method: "PATCH", body: change });
}

/** A camera's news from the stream, put where the pages read it; the order changes with the next full read. */
export function keepCamera(client: QueryClient, camera: CameraView): void {
  client.setQueryData(camerasQuery.queryKey, (items: CameraView[] | undefined) => {
    if (!items) return items;
    const known = items.some((item) => item.camera === camera.camera);
    return known ? items.map((item) => (item.camera === camera.camera ? camera : item)) : [...items, camera];
  });
}

/** These records will not come, and why. */
export function acknowledgeGap(node: string, gap: Gap, reason: string): Promise<NodeView> {
  const body = { node, outbox: gap.outbox, first: gap.first, last: gap.last, reason };
  return call<NodeView>("/gaps/acknowledgement", { method: "POST", body });
}

/** A node's news, put where the pages read it. */
export function keepNode(client: QueryClient, node: NodeView): void {
  client.setQueryData(nodesQuery.queryKey, (items: NodeView[] | undefined) =>
    items?.some((item) => item.node === node.node) ? items.map((item) => (item.node === node.node ? node : item)) : items && [...items, node],
  );
}
