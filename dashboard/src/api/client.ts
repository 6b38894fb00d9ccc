/** Calls to the centre: same origin, cookie session, CSRF header on every unsafe method. */

const BASE = "/api/v1";
const UNSAFE = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/** What the centre answered when it did not do what was asked (RFC 9457), or 0 when it could not be reached. */
export class ApiError extends Error {
  readonly status: number;
  /** Last part of the problem's `type`, e.g. `not-here-yet`; empty when there was none. */
  readonly problem: string;
  readonly retryAfterS: number | null;

  constructor(status: number, problem: string, detail: string, retryAfterS: number | null = null) {
    super(detail);
    this.name = "ApiError";
    this.status = status;
    this.problem = problem;
    this.retryAfterS = retryAfterS;
  }
}

let csrf = "";
let onSignedOut: () => void = () => undefined;

export function setCsrf(token: string): void {
  csrf = token;
}

/** Called when an answer says that the session is over. */
export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback;
}

interface Options {
  method?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  body?: unknown;
  /** Version of the thing as it was seen: the call fails with 412 when it has changed since. */
  ifMatch?: number;
  signal?: AbortSignal;
}

export async function call<T>(path: string, options: Options = {}): Promise<T> {
  const response = await send(path, options);
  if (!response.ok) throw await problemOf(response);
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

async function send(path: string, options: Options): Promise<Response> {
  const method = options.method ?? "GET";
  const headers = new Headers({ Accept: "application/json" });
  if (options.body !== undefined) headers.set("Content-Type", "application/json");
  if (UNSAFE.has(method) && csrf) headers.set("X-CSRF-Token", csrf);
  if (options.ifMatch !== undefined) headers.set("If-Match", `"${options.ifMatch}"`);
  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (options.body !== undefined) init.body = JSON.stringify(options.body);
  if (options.signal) init.signal = options.signal;
  try {
    return await fetch(BASE + path, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(0, "unreachable", "the centre cannot be reached");
  }
}

async function problemOf(response: Response): Promise<ApiError> {
  const retry = Number(response.headers.get("Retry-After"));
  const retryAfterS = Number.isFinite(retry) && retry > 0 ? retry : null;
  const document = await readProblem(response);
  const name = document.type?.split("/").pop() ?? "";
  const error = new ApiError(response.status, name, document.detail ?? response.statusText, retryAfterS);
  if (response.status === 401 && name !== "sign-in-refused") onSignedOut();
  return error;
}

async function readProblem(response: Response): Promise<{ type?: string; detail?: string }> {
  try {
    return (await response.json()) as { type?: string; detail?: string };
  } catch {
    return {}; // a proxy's page, not the centre's words: the status must do
  }
}
