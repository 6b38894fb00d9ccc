// The wall: live pictures, and tiles that say honestly what is wrong.
import assert from "node:assert/strict";
import { test } from "node:test";
import { signedIn, SOON_MS } from "./world.mjs";

test("the camera that is down comes first, without a picture, with since when, why and what to do", async () => {
  const { page, close } = await signedIn();
  await page.goto("/cameras");
  const worst = page.locator("article").first();
  await worst.getByText("Mất hình").waitFor();
  const fault = worst.getByTestId("camera-fault");
  await fault.getByText("Camera từ chối kết nối").waitFor();
  await fault.getByText(/^Từ \d{2}\/\d{2}\/\d{4} \d{2}:\d{2}:\d{2} \(.+\)$/).waitFor();
  await fault.getByText(/Kiểm tra cổng RTSP/).waitFor();
  assert.equal(await worst.locator("img").count(), 0);
  await close();
});

test("a camera on air shows a moving picture and its figures", async () => {
  const { page, close } = await signedIn();
  await page.goto("/cameras");
  const tile = page.locator("article[data-state=online]").first();
  await tile.waitFor({ timeout: SOON_MS });
  const picture = await tile.getByTestId("preview").elementHandle();
  await page.waitForFunction((image) => image.naturalWidth > 0, picture, { timeout: SOON_MS });
  const look = () =>
    page.evaluate((image) => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [64, 36];
      const context = canvas.getContext("2d");
      context.drawImage(image, 0, 0, 64, 36);
      return context.getImageData(0, 0, 64, 36).data.join();
    }, picture);
  const first = await look();
  const deadline = Date.now() + 20_000;
  let later = first;
  while (later === first && Date.now() < deadline) later = await look();
  assert.notEqual(later, first, "the picture stood still for 20 s");
  assert.match(await tile.innerText(), /Hình\/giây\s+[1-9]/);
  await close();
});

test("a camera's page has a large picture, its health and its alerts", async () => {
  const { page, close } = await signedIn();
  await page.goto("/cameras");
  await page.locator("article[data-state=online] a").first().click({ timeout: SOON_MS });
  await page.getByRole("heading", { name: "Tình trạng" }).waitFor();
  await page.waitForFunction(() => document.querySelector("[data-testid=preview]")?.naturalWidth > 0, null, { timeout: SOON_MS });
  await page.locator("[data-id]").first().waitFor({ timeout: SOON_MS });
  await page.getByRole("link", { name: "Xem mọi cảnh báo của camera này" }).click();
  await page.waitForURL(/\/alerts\?camera=.*state=all/);
  await page.locator("[data-id]").first().waitFor();
  await close();
});

test("a page that is left stops its streams, so that the browser's connections stay free", async () => {
  const { page, close } = await signedIn();
  await page.goto("/cameras");
  await page.locator("article[data-state=online]").getByTestId("preview").first().waitFor({ timeout: SOON_MS });
  // As the centre counts them.
  const streams = (count) =>
    page.waitForFunction(
      async (wanted) => (await (await fetch("/metrics")).text()).includes(`ingest_preview_clients ${wanted}.0`),
      count,
      { polling: 500 },
    );
  await streams(1);
  await page.getByRole("link", { name: "Cảnh báo", exact: true }).click();
  await streams(0);
  await close();
});
