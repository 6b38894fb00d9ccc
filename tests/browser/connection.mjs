// Stale information never looks live.
import assert from "node:assert/strict";
import { test } from "node:test";
import { signedIn, SOON_MS } from "./world.mjs";

test("when the network is away the page says how old it is and shows no picture; then it recovers by itself", async () => {
  const { page, context, close } = await signedIn();
  await page.getByText("Trực tiếp", { exact: true }).waitFor();
  await page.goto("/cameras");
  await page.locator("article[data-state=online]").getByTestId("preview").first().waitFor({ timeout: SOON_MS });
  await context.setOffline(true);
  await page.getByText(/^Mất kết nối với trung tâm\. Thông tin dưới đây đã cũ \d+ giây/).waitFor();
  await page.getByText("Tạm dừng hình: mất kết nối với trung tâm").first().waitFor();
  assert.equal(await page.getByTestId("preview").count(), 0);
  await context.setOffline(false);
  await page.getByText(/^Mất kết nối với trung tâm/).waitFor({ state: "detached" });
  await page.locator("article[data-state=online]").getByTestId("preview").first().waitFor();
  await close();
});
