// WCAG 2.2 AA by axe, on every page and dialog, both themes, desk and phone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { AxeBuilder, cards, DESK, openPage, openVerified, PHONE, signedIn, SOON_MS } from "./world.mjs";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const SERIOUS = ["serious", "critical"];

async function expectNoBarrier(page, where) {
  // Things that fade in are judged when they stand.
  await page.waitForFunction(() => document.getAnimations().every((animation) => animation.playState !== "running"));
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  const found = violations
    .filter(({ impact }) => SERIOUS.includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join(" | ")}`);
  assert.deepEqual(found, [], where);
}

async function expectNoSidewaysScroll(page, where) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(content <= window, `${where} is ${content} px wide in a window of ${window} px`);
}

for (const theme of ["dark", "light"]) {
  for (const size of [DESK, PHONE]) {
    const name = `${theme}, ${size.width} px`;
    test(`${name}: the doors`, async () => {
      const { page, close } = await openPage({ theme, size });
      for (const path of ["/sign-in", "/setup#token=x", "/accept#token=x"]) {
        await page.goto(path);
        await page.locator("h1").waitFor();
        await expectNoBarrier(page, path);
        await expectNoSidewaysScroll(page, path);
      }
      await close();
    });

    test(`${name}: alerts, detail and its dialogs`, async () => {
      const { page, close } = await signedIn({ theme, size });
      await cards(page).first().waitFor({ timeout: SOON_MS });
      await expectNoBarrier(page, "alerts");
      await expectNoSidewaysScroll(page, "alerts");
      await openVerified(page);
      await page.getByTestId("custody").waitFor();
      await expectNoBarrier(page, "detail");
      await expectNoSidewaysScroll(page, "detail");
      await page.getByRole("button", { name: "Từ chối" }).click();
      await page.getByRole("dialog").waitFor();
      await expectNoBarrier(page, "reject");
      await page.keyboard.press("Escape");
      await page.keyboard.press("?");
      await page.getByRole("dialog").waitFor();
      await expectNoBarrier(page, "keys");
      await close();
    });

    test(`${name}: cameras, people, account`, async () => {
      const { page, close } = await signedIn({ theme, size });
      await page.goto("/cameras");
      await page.locator("article[data-state=online]").first().waitFor({ timeout: SOON_MS });
      await expectNoBarrier(page, "cameras");
      await expectNoSidewaysScroll(page, "cameras");
      await page.locator("article a").last().click();
      await page.getByRole("heading", { name: "Tình trạng" }).waitFor();
      await expectNoBarrier(page, "camera");
      await expectNoSidewaysScroll(page, "camera");
      await page.goto("/help/scene");
      await page.getByRole("heading", { level: 1 }).waitFor();
      await expectNoBarrier(page, "scene help");
      await expectNoSidewaysScroll(page, "scene help");
      await page.goto("/people");
      await page.getByRole("heading", { name: "Nhân sự" }).waitFor();
      await page.getByRole("button", { name: /^Tài khoản/ }).click();
      await expectNoBarrier(page, "people");
      await expectNoSidewaysScroll(page, "people");
      await close();
    });
  }
}
