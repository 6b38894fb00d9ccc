/** What the centre asks of passwords and links, said before the form is sent. */

/** As `MIN_CHARACTERS` in ingest/access/passwords.py; the centre has the last word. */
export const MIN_PASSWORD = 12;

/** One-time links carry their code after `#`, so that it stays out of server logs; `?token=` is read too. */
export function tokenOf(address: { hash: string; search: string }): string {
  const fragment = new URLSearchParams(address.hash.replace(/^#/, ""));
  return fragment.get("token") ?? new URLSearchParams(address.search).get("token") ?? "";
}

/** Where to go after sign-in: only a path of ours, whatever the state of the page says. */
export function safeTarget(from: unknown): string {
  return typeof from === "string" && /^\/(?![/\\])/.test(from) && !from.startsWith("/sign-in") ? from : "/alerts";
}
