// Live alerts: they come by themselves, never move what somebody reads, and are judged with few keys.
import assert from "node:assert/strict";
import { test } from "node:test";
import { cards, openVerified, otherDesk, signedIn, SOON_MS } from "./world.mjs";

const idOf = (card) => card.getAttribute("data-id");

test("an alert arrives by itself at the top of an untouched list", async () => {
  const { page, close } = await signedIn();
  await cards(page).first().waitFor({ timeout: SOON_MS });
  await page.mouse.move(1200, 500);
  const before = await idOf(cards(page).first());
  await page.waitForFunction((id) => document.querySelector("[data-id]")?.dataset.id !== id, before, { timeout: SOON_MS });
  await page.locator(`[data-id="${before}"]`).waitFor();
  await close();
});

test("while the pointer is on the list new alerts wait behind a button and nothing moves", async () => {
  const { page, close } = await signedIn();
  const card = cards(page).first();
  await card.waitFor({ timeout: SOON_MS });
  await card.hover();
  const id = await idOf(card);
  const place = await page.locator(`[data-id="${id}"]`).boundingBox();
  const fresh = page.getByRole("button", { name: /cảnh báo mới/ });
  await fresh.waitFor({ timeout: SOON_MS });
  assert.deepEqual(await page.locator(`[data-id="${id}"]`).boundingBox(), place);
  assert.equal(await idOf(cards(page).first()), id);
  await page.getByRole("status").filter({ hasText: "đang chờ trên đầu danh sách" }).waitFor({ state: "attached" });
  await page.keyboard.press("n");
  await page.waitForFunction((old) => document.querySelector("[data-id]").dataset.id !== old, id);
  await close();
});

test("the detail shows stills, the track over the still, facts, and that the evidence was verified", async () => {
  const { page, close } = await signedIn();
  await openVerified(page);
  const detail = page.getByTestId("alert-detail");
  await detail.getByTestId("custody").getByText("Đã kiểm chứng: mã băm và chữ ký đều đúng").waitFor();
  const still = detail.getByTestId("stage-still");
  await page.waitForFunction((image) => image.complete && image.naturalWidth > 0, await still.elementHandle());
  await detail.getByTestId("overlay").locator("rect").first().waitFor();
  await page.keyboard.press("o");
  await detail.getByTestId("overlay").waitFor({ state: "detached" });
  await page.keyboard.press("o");
  await detail.getByTestId("overlay").waitFor();
  await page.keyboard.press("3");
  await detail.getByRole("img", { name: /^Sau\./ }).waitFor();
  await detail.locator("dd").filter({ hasText: /^Người đi bộ\s*độ tin cậy \d+ %$/ }).waitFor();
  await detail.getByText(/± \d+ ms/).waitFor();
  await detail.getByText("Chi tiết kiểm chứng").click();
  assert.match(await detail.getByTestId("custody").innerText(), /[0-9a-f]{64}/);
  await close();
});

test("the clip plays", async () => {
  const { page, close } = await signedIn();
  await openVerified(page);
  await page.getByTestId("alert-detail").waitFor();
  await page.keyboard.press("4");
  const video = await page.getByTestId("clip").elementHandle();
  await page.waitForFunction((clip) => clip.currentTime > 0.5, video, { timeout: 60_000 });
  const played = await video.evaluate((clip) => ({ error: clip.error, width: clip.videoWidth, paused: clip.paused }));
  assert.deepEqual({ ...played, width: played.width > 0 }, { error: null, width: true, paused: false });
  await close();
});

test("c confirms and moves on, r with a digit and Enter rejects with a reason; both stay on record", async () => {
  const { page, close } = await signedIn();
  await cards(page).nth(2).waitFor({ timeout: SOON_MS });
  await cards(page).nth(1).click();
  await page.getByTestId("alert-detail").waitFor();
  const confirmed = page.url();
  await page.keyboard.press("c");
  await page.getByRole("status").filter({ hasText: "Đã xác nhận:" }).waitFor();
  await page.waitForURL((url) => url.href !== confirmed);
  await page.getByRole("button", { name: "Từ chối" }).waitFor();
  const rejected = page.url();
  await page.keyboard.press("r");
  await page.getByRole("dialog", { name: "Từ chối cảnh báo" }).waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.press("3");
  assert.equal(await page.getByLabel("Hình không đủ rõ").isChecked(), true);
  await page.keyboard.press("Enter");
  await page.getByRole("status").filter({ hasText: "Đã từ chối:" }).waitFor();
  await page.waitForURL((url) => url.href !== rejected);

  await page.goto(confirmed);
  await page.getByTestId("decision").getByText("Đã xác nhận").waitFor();
  await page.getByTestId("decision").getByText(/^Demo, \d{2}\/\d{2}\/\d{4} \d{2}:\d{2}:\d{2}$/).waitFor();
  await page.goto(rejected);
  await page.getByTestId("decision").getByText("Lý do: Hình không đủ rõ").waitFor();
  await close();
});

test("a rejection without a reason is not taken", async () => {
  const { page, close } = await signedIn();
  await cards(page).first().click({ timeout: SOON_MS });
  await page.getByRole("button", { name: "Từ chối" }).click();
  await page.getByRole("button", { name: "Từ chối với lý do này" }).click();
  await page.getByRole("alert").filter({ hasText: "Hãy chọn một lý do." }).waitFor();
  await page.keyboard.press("7");
  await page.getByRole("button", { name: "Từ chối với lý do này" }).click();
  await page.getByRole("alert").filter({ hasText: "Hãy ghi lý do của bạn." }).waitFor();
  await page.getByLabel("Lý do của bạn").fill("xe đang kéo 3 xe khác");
  await page.getByRole("button", { name: "Từ chối với lý do này" }).click();
  await page.getByRole("status").filter({ hasText: "Đã từ chối:" }).waitFor();
  await close();
});

test("a decision made at another desk shows at once", async () => {
  const { page, close } = await signedIn();
  const desk = await otherDesk();
  const card = cards(page).first();
  await card.click({ timeout: SOON_MS });
  await page.getByRole("button", { name: "Xác nhận" }).waitFor();
  const id = new URL(page.url()).pathname.split("/").pop();
  await desk.post(`/events/${id}/decision`, { decision: "confirmed", reason: null });
  await page.getByTestId("decision").getByText("Đã xác nhận").waitFor();
  await desk.close();
  await close();
});

test("whoever is slower is told that somebody was faster", async () => {
  const { page, close } = await signedIn();
  await cards(page).first().waitFor({ timeout: SOON_MS });
  await page.context().route("**/api/v1/events/stream", (route) => route.abort());
  await page.reload();
  await cards(page).first().click();
  await page.getByRole("button", { name: "Xác nhận" }).waitFor();
  const id = new URL(page.url()).pathname.split("/").pop();
  const desk = await otherDesk();
  await desk.post(`/events/${id}/decision`, { decision: "rejected", reason: "duplicate" });
  await page.keyboard.press("c");
  await page.getByRole("status").filter({ hasText: "Có người vừa quyết định trước bạn" }).waitFor();
  await page.getByTestId("decision").getByText("Lý do: Trùng với cảnh báo khác").waitFor();
  await desk.close();
  await close();
});

test("j and k move, filters live in the address, ? shows the keys, typing is not a command", async () => {
  const { page, close } = await signedIn();
  await cards(page).nth(1).waitFor({ timeout: SOON_MS });
  await cards(page).first().hover();
  const [first, second] = [await idOf(cards(page).nth(0)), await idOf(cards(page).nth(1))];
  await page.keyboard.press("j");
  await page.waitForURL(`**/alerts/${first}`);
  await page.keyboard.press("j");
  await page.waitForURL(`**/alerts/${second}`);
  await page.keyboard.press("k");
  await page.waitForURL(`**/alerts/${first}`);
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Phím tắt" }).waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.ok(page.url().endsWith(`/alerts/${first}`));
  await page.getByLabel("Vi phạm").click();
  await page.waitForURL("**kind=violation");
  await page.getByText("Không có cảnh báo nào khớp bộ lọc.").waitFor();
  await page.getByRole("button", { name: "Bỏ lọc" }).click();
  await cards(page).first().waitFor();
  await close();
});

test("an alert is put on hold with a reason, which stays with the name until somebody lifts it", async () => {
  const { page, close } = await signedIn();
  await openVerified(page);
  await page.getByTestId("hold").getByRole("button", { name: "Giữ hồ sơ" }).click();
  const dialog = page.getByRole("dialog", { name: "Giữ hồ sơ" });
  await dialog.getByRole("button", { name: "Giữ hồ sơ" }).click();
  await dialog.getByRole("alert").filter({ hasText: "Hãy ghi lý do của bạn." }).waitFor();
  await dialog.getByLabel("Lý do").fill("Tòa án đang xét, công văn 12/TA");
  await page.keyboard.press("Tab");
  await dialog.getByRole("button", { name: "Giữ hồ sơ" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.reload();
  await page.getByTestId("hold").getByText("Tòa án đang xét, công văn 12/TA").waitFor();
  await page.getByTestId("hold").getByText(/^Demo, \d{2}\/\d{2}\/\d{4}/).waitFor();
  await page.getByTestId("hold").getByRole("button", { name: "Thôi giữ hồ sơ" }).click();
  await page.getByRole("dialog").getByLabel("Lý do").fill("Vụ việc đã kết thúc");
  await page.getByRole("dialog").getByRole("button", { name: "Thôi giữ hồ sơ" }).click();
  await page.getByTestId("hold").getByText("Tòa án đang xét").waitFor({ state: "detached" });
  await close();
});
