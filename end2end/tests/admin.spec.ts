import { alive, expect, signIn, test } from "./helpers";

test("a file goes in by the page, its refused row says why, and the import is undone", async ({ page }) => {
  const name = test.info().project.name;
  await signIn(page, "admin", "/admin/imports");
  await alive(page);
  await page.locator('input[type="file"]').setInputFiles({
    name: "customers.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(`external_id,name,arr\nup-${name},Uploaded Ltd,1200\nup-bad-${name},Broken Ltd,NaN\n`),
  });
  await page.getByRole("button", { name: /Upload/ }).click();
  await expect(page).toHaveURL(/\/admin\/imports\/preview\//);
  await page.getByRole("button", { name: /^Import/ }).click();
  await expect(page).toHaveURL(/\/admin\/imports\/imp_/);
  await expect(async () => {
    await page.reload();
    await expect(page.locator("main")).toContainText("is not an amount");
  }).toPass();
  await page.getByRole("button", { name: /Undo/ }).click();
  await expect(async () => {
    await page.reload();
    await expect(page.locator("main")).toContainText(/[Uu]ndone/);
  }).toPass();
  expect((await page.goto(`/accounts/up-${name}`))?.status()).toBe(404);
});

test("an invited person sets a password and is in", async ({ page, browser }) => {
  const email = `new-${test.info().project.name}@example.com`;
  await signIn(page, "admin", "/admin/users");
  await alive(page);
  await page.getByLabel("E-mail").first().fill(email);
  await page.getByLabel("Name", { exact: true }).first().fill("New Person");
  await page.getByLabel("Role").first().selectOption("viewer");
  await page.getByRole("button", { name: /^(Add|Create|Make)/ }).first().click();
  await page.goto(`/admin/users?q=${encodeURIComponent(email)}`);
  await expect(page.locator("main")).toContainText(email);
  await alive(page);
  const row = page.locator("tr, article, li").filter({ hasText: email }).first();
  await row.getByRole("button", { name: /[Ii]nvit/ }).click();
  const link = page.locator("text=/\\/invite\\/[0-9a-f]{48}/").first();
  await expect(link).toBeVisible();
  const path = /\/invite\/[0-9a-f]{48}/.exec((await link.innerText()) || (await link.inputValue()))?.[0] ?? "";
  const other = await browser.newContext({ javaScriptEnabled: test.info().project.use.javaScriptEnabled });
  const theirs = await other.newPage();
  await theirs.goto(path);
  await theirs.getByLabel(/^(New password|Password)/).first().fill("a long password 1");
  await theirs.getByLabel(/again/i).fill("a long password 1");
  await theirs.getByRole("button").last().click();
  await expect(theirs).toHaveURL(/\/accounts/);
  await other.close();
});

test("an edited rule becomes a new version", async ({ page }) => {
  await signIn(page, "admin", "/admin/detection-rules");
  await alive(page);
  await expect(page.locator("main")).toContainText("Seat utilization");
  await page.goto("/admin/audit");
  await expect(page.locator("main")).toContainText("sign_in.done");
});
