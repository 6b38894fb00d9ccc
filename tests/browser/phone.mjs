// On a phone: one page at a time, everything within reach of a thumb.
import assert from "node:assert/strict";
import { test } from "node:test";
import { cards, openVerified, PHONE, signedIn, SOON_MS } from "./world.mjs";

test("list, detail and back; the decision is in sight without scrolling", async () => {
  const { page, close } = await signedIn({ size: PHONE });
  await cards(page).first().tap({ timeout: SOON_MS });
  await page.getByTestId("alert-detail").waitFor();
  assert.equal(await cards(page).count(), 0);
  for (const name of ["Xác nhận", "Từ chối"]) {
    const box = await page.getByRole("button", { name }).boundingBox();
    assert.ok(box.y + box.height <= PHONE.height && box.height >= 44, `${name}: ${JSON.stringify(box)}`);
  }
  await page.getByRole("button", { name: "Về danh sách" }).tap();
  await cards(page).first().waitFor();
  await close();
});

test("every control is at least 24 px in both directions", async () => {
  const { page, close } = await signedIn({ size: PHONE });
  await cards(page).first().waitFor({ timeout: SOON_MS });
  const small = () =>
    page.evaluate(() =>
      [...document.querySelectorAll("a, button, select, input, summary")]
        .map((control) => [control, (control.closest("label") ?? control).getBoundingClientRect()])
        .filter(([control, { width, height }]) => width > 1 && (width < 24 || height < 24) && !control.matches("[href='#main']"))
        .map(([control, { width, height }]) => `${control.outerHTML.slice(0, 90)} ${width}x${height}`),
    );
  assert.deepEqual(await small(), []);
  await openVerified(page);
  await page.getByText("Chi tiết kiểm chứng").tap();
  assert.deepEqual(await small(), []);
  await page.goto("/cameras");
  await page.locator("article").first().waitFor();
  assert.deepEqual(await small(), []);
  await close();
});
