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
  await page.locator("summary").filter({ hasText: "Undo the import" }).click();
  await page.getByRole("button", { name: "Undo the import" }).click();
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
  const form = page.locator("form").filter({ hasText: "Add the person" });
  await form.getByLabel("E-mail").fill(email);
  await form.getByLabel("Name").fill("New Person");
  await form.getByLabel("Role").selectOption("viewer");
  await page.getByRole("button", { name: "Add the person" }).click();
  await expect(page).toHaveURL(/done=/);
  await page.goto(`/admin/users?q=${encodeURIComponent(email)}`);
  await expect(page.locator("main")).toContainText(email);
  await alive(page);
  const row = page.locator("tbody tr").filter({ hasText: email }).first();
  await row.locator("summary").click();
  await row.getByRole("button", { name: "Make an invitation" }).click();
  await expect(async () => expect(await page.content()).toMatch(/\/invite\/[0-9a-f]{48}/)).toPass();
  const path = /\/invite\/[0-9a-f]{48}/.exec(await page.content())?.[0] ?? "";
  const other = await browser.newContext({ javaScriptEnabled: test.info().project.use.javaScriptEnabled });
  const theirs = await other.newPage();
  await theirs.goto(path);
  await theirs.getByLabel("New password").fill("a long password 1");
  await theirs.getByLabel("The same again").fill("a long password 1");
  await theirs.getByRole("button").last().click();
  await expect(theirs).toHaveURL(/\/accounts/);
  await other.close();
});

test("an edited rule becomes a new version, and a wrong value says what is allowed", async ({ page }) => {
  const strength = test.info().project.name === "plain" ? "0.52" : "0.51";
  await signIn(page, "admin", "/admin/detection-rules?rule=health_threshold");
  await alive(page);
  const form = page.locator("form").filter({ has: page.locator('input[name="rule"][value="health_threshold"]') });
  const open = async () => {
    if (!(await form.isVisible())) await page.locator("summary").filter({ hasText: "Health threshold" }).click();
  };
  await open();
  const before = Number(/v(\d+)/.exec(await form.getByRole("button").innerText())?.[1]);
  await form.locator('input[name="values[strength]"]').fill("2");
  await form.getByRole("button").click();
  await expect(page.locator("main")).toContainText("from 0 to 1");
  await open();
  await form.locator('input[name="values[strength]"]').fill(strength);
  await form.getByRole("button").click();
  await expect(page).toHaveURL(/done=saved/);
  await open();
  await expect(form.getByRole("button")).toContainText(`v${before + 1}`);
  await page.goto("/admin/audit?action=rule.saved");
  await expect(page.locator("main")).toContainText(`strength`);
});
