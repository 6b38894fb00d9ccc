// Signing in, inviting, roles, language and theme.
import assert from "node:assert/strict";
import { test } from "node:test";
import { cards, openPage, otherDesk, signedIn, SOON_MS } from "./world.mjs";

test("a wrong password is refused in words, the right one leads to where the person wanted to go", async () => {
  const { page, close } = await openPage();
  await page.goto("/cameras");
  await page.waitForURL("**/sign-in");
  await page.getByLabel("Tên đăng nhập").fill(process.env.GIAOLO_USERNAME);
  await page.getByLabel("Mật khẩu", { exact: true }).fill("not the password");
  await page.getByRole("button", { name: "Đăng nhập" }).click();
  await page.getByRole("alert").filter({ hasText: "không đúng" }).waitFor();
  await page.getByLabel("Mật khẩu", { exact: true }).fill(process.env.GIAOLO_PASSWORD);
  await page.getByRole("button", { name: "Đăng nhập" }).click();
  await page.waitForURL("**/cameras");
  await page.getByRole("heading", { name: "Camera", exact: true }).waitFor();
  await close();
});

test("language and theme change at once and are remembered", async () => {
  const { page, close } = await signedIn();
  await page.getByRole("button", { name: /^Tài khoản/ }).click();
  await page.getByLabel("English").check();
  await page.getByRole("heading", { name: "Alerts", exact: true }).waitFor();
  await page.getByLabel("Light").check();
  await page.reload();
  await page.getByRole("heading", { name: "Alerts", exact: true }).waitFor();
  const root = page.locator("html");
  assert.equal(await root.getAttribute("lang"), "en");
  assert.equal(await root.getAttribute("data-theme"), "light");
  await close();
});

test("an invited engineer chooses a password, sees alerts and may not decide them", async () => {
  const admin = await signedIn();
  await admin.page.goto("/people");
  await admin.page.getByRole("button", { name: "Mời người mới" }).click();
  await admin.page.getByLabel("Họ và tên").fill("Trần Kỹ Thuật");
  await admin.page.getByLabel("Tên đăng nhập").fill("kythuat");
  await admin.page.locator("dialog").getByLabel("Vai trò").selectOption("engineer");
  await admin.page.getByRole("button", { name: "Mời", exact: true }).click();
  const link = await admin.page.getByRole("textbox", { name: "Liên kết một lần" }).inputValue();
  await admin.close();

  const guest = await openPage();
  await guest.page.goto(link);
  await guest.page.getByLabel("Mật khẩu", { exact: true }).fill("nam con meo tren mai");
  await guest.page.getByLabel("Nhập lại mật khẩu").fill("nam con meo tren mai");
  await guest.page.getByRole("button", { name: "Đặt mật khẩu và vào" }).click();
  await guest.page.waitForURL("**/alerts");
  await cards(guest.page).first().click({ timeout: SOON_MS });
  await guest.page.getByText("Vai trò Kỹ thuật không được quyết định loại này.").waitFor();
  assert.equal(await guest.page.getByRole("button", { name: "Xác nhận" }).isDisabled(), true);
  assert.equal(await guest.page.getByRole("button", { name: "Từ chối" }).isDisabled(), true);
  await guest.page.goto("/people");
  await guest.page.getByText("Chỉ quản trị viên xem được trang này.").waitFor();
  await guest.close();
});

test("a used link says so", async () => {
  const desk = await otherDesk();
  const invited = await desk.post("/people", { username: "truc", name: "Lê Trực", role: "operator" });
  const token = new URL(invited.link).hash.replace("#token=", "");
  await desk.post("/people/accept", { token, password: "sau con vit duoi ao" });
  await desk.close();
  const { page, close } = await openPage();
  await page.goto(invited.link);
  await page.getByLabel("Mật khẩu", { exact: true }).fill("bay con ga trong vuon");
  await page.getByLabel("Nhập lại mật khẩu").fill("bay con ga trong vuon");
  await page.getByRole("button", { name: "Đặt mật khẩu và vào" }).click();
  await page.getByRole("alert").filter({ hasText: "đã hết hạn hoặc đã được dùng" }).waitFor();
  await close();
});

test("signing out ends the session", async () => {
  const { page, close } = await signedIn();
  await page.getByRole("button", { name: /^Tài khoản/ }).click();
  await page.getByRole("button", { name: "Đăng xuất" }).click();
  await page.waitForURL("**/sign-in");
  await page.goto("/alerts");
  await page.waitForURL("**/sign-in");
  await close();
});
