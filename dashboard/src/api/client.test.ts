import { afterEach, describe, expect, it, vi } from "vitest";
import { messages } from "../i18n";
import { problemWords } from "../shell/problems";
import { ApiError, call, setCsrf, whenSignedOut } from "./client";

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  const fetch = vi.fn<typeof globalThis.fetch>(() =>
    Promise.resolve(new Response(status === 204 ? null : JSON.stringify(body), { status, headers })),
  );
  vi.stubGlobal("fetch", fetch);
  return fetch;
}

const problem = (name: string) => ({ type: `https://giaolo.vn/problems/${name}`, detail: "why" });
const refused = (status: number, name: string) => answer(status, problem(name), { "Retry-After": "30" });
const failure = async () => call("/x").catch((error: unknown) => error as ApiError) as Promise<ApiError>;

afterEach(() => {
  vi.unstubAllGlobals();
  whenSignedOut(() => undefined);
});

describe("calls to the centre", () => {
  it("sends the CSRF header with unsafe methods only, and the seen version", async () => {
    const fetch = answer(200, {});
    setCsrf("secret");
    await call("/x");
    await call("/x", { method: "POST", body: { a: 1 }, ifMatch: 3 });
    const [read, write] = fetch.mock.calls.map(([, init]) => new Headers(init?.headers));
    expect(read?.has("X-CSRF-Token")).toBe(false);
    expect(write?.get("X-CSRF-Token")).toBe("secret");
    expect(write?.get("If-Match")).toBe('"3"');
  });

  it("understands a problem document, and an answer that is none", async () => {
    refused(429, "too-many-failures");
    expect(await failure()).toMatchObject({ status: 429, problem: "too-many-failures", message: "why", retryAfterS: 30 });
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("<h1>Bad gateway</h1>", { status: 502 })));
    expect(await failure()).toMatchObject({ status: 502, problem: "" });
  });

  it("ends the session on a 401, but not for a wrong password at the door", async () => {
    const signedOut = vi.fn();
    whenSignedOut(signedOut);
    refused(401, "sign-in-refused");
    await failure();
    expect(signedOut).not.toHaveBeenCalled();
    refused(401, "not-signed-in");
    await failure();
    expect(signedOut).toHaveBeenCalledOnce();
  });

  it("says that the centre cannot be reached", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("network")));
    const error = await failure();
    expect(error.status).toBe(0);
    expect(problemWords(error, messages.vi)).toBe(messages.vi.problem.unreachable);
  });

  it("has words for every kind of refusal", () => {
    const words = [403, 404, 409, 412, 422, 429, 500].map((status) => problemWords(new ApiError(status, "", ""), messages.vi));
    expect(new Set(words).size).toBe(6);
    expect(problemWords(new Error("?"), messages.en)).toBe(messages.en.problem.server);
  });
});
