// The real product in a real Chromium: where it runs and who signs in comes from tests/browser/conftest.py.
import { createRequire } from "node:module";
import { after } from "node:test";

const require = createRequire(new URL("../../dashboard/package.json", import.meta.url));
const { chromium } = require("playwright-core");
export const { AxeBuilder } = require("@axe-core/playwright");

export const URL_OF_CENTRE = process.env.GIAOLO_URL;
const CREDENTIALS = { username: process.env.GIAOLO_USERNAME, password: process.env.GIAOLO_PASSWORD };
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** The first alert needs a detector on a busy machine; everything else is quick. */
export const SOON_MS = 90_000;
export const DESK = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

const browser = await chromium.launch({ executablePath: process.env.GIAOLO_CHROMIUM, args: ARGUMENTS });
after(() => browser.close());

/** A page of its own browser profile; what breaks in it fails the test that closes it. */
export async function openPage({ size = DESK, theme = "dark", language = "vi" } = {}) {
  const context = await browser.newContext({ viewport: size, baseURL: URL_OF_CENTRE, isMobile: size === PHONE, hasTouch: size === PHONE });
  context.setDefaultTimeout(30_000);
  await context.addInitScript(
    ([chosenTheme, chosenLanguage]) => {
      if (localStorage.getItem("giaolo.theme") === null) localStorage.setItem("giaolo.theme", chosenTheme);
      if (localStorage.getItem("giaolo.language") === null) localStorage.setItem("giaolo.language", chosenLanguage);
    },
    [theme, language],
  );
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  const close = async () => {
    await context.close();
    if (faults.length > 0) throw new Error(`the page threw: ${faults.join("; ")}`);
  };
  return { page, context, close };
}

/** Fills the form as a person does and waits for the alerts. */
export async function signIn(page, { username, password } = CREDENTIALS) {
  await page.goto("/sign-in");
  await page.locator("input[name=username]").fill(username);
  await page.locator("input[name=password]").fill(password);
  await page.locator("button[type=submit]").click();
  await page.waitForURL("**/alerts");
}

export async function signedIn(options) {
  const opened = await openPage(options);
  await signIn(opened.page);
  return opened;
}

export const cards = (page) => page.locator("[data-id]");

/** Opens the newest undecided alert whose package the centre has checked; waits until there is one. */
export async function openVerified(page) {
  const deadline = Date.now() + SOON_MS;
  let found;
  while (found === undefined && Date.now() < deadline) {
    const answer = await page.request.get("/api/v1/events?state=new&kind=incident&kind=violation&limit=200");
    found = (await answer.json()).items.find(({ evidence }) => evidence.verified && evidence.state === "complete");
  }
  if (found === undefined) throw new Error(`no verified evidence within ${SOON_MS} ms`);
  await page.goto(`/alerts/${found.id}`);
  await page.getByTestId("alert-detail").waitFor();
}

/** A client of the API beside the browser: a second person at another desk. */
export async function otherDesk() {
  const context = await browser.newContext({ baseURL: URL_OF_CENTRE });
  const answer = await context.request.post("/api/v1/session", { data: CREDENTIALS });
  const { csrf } = await answer.json();
  const post = async (path, data) => {
    const reply = await context.request.post(`/api/v1${path}`, { data, headers: { "X-CSRF-Token": csrf } });
    if (!reply.ok()) throw new Error(`${path}: ${reply.status()} ${await reply.text()}`);
    return reply.json();
  };
  return { post, close: () => context.close() };
}
