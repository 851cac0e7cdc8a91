import { alive, expect, signIn, test } from "./helpers";

const amount = (text: string) => Number(text.replace(/[^0-9]/g, ""));

test("filters live in the address", async ({ page }) => {
  await signIn(page, "leader", "/finder?type=seat_expansion&confidence=high");
  const rows = page.getByRole("region", { name: "Opportunities found" }).locator("article");
  expect(await rows.count()).toBeGreaterThan(0);
  for (const text of await rows.allInnerTexts()) expect(text).toContain("Seat expansion");
});

test("why: evidence, parts and value stand under the row", async ({ page }) => {
  await signIn(page, "leader", "/finder");
  await alive(page);
  await page.getByRole("link", { name: /^Why: Acme Corp, 45 additional seats/ }).click();
  await expect(page).toHaveURL(/why=fnd_/);
  const row = page.locator("article").filter({ hasText: "45 additional seats" }).first();
  await expect(row).toContainText("48 of 50 seats active");
  await expect(row).toContainText("Sarah Chen");
  await expect(row).toContainText("Finance, Legal and Support all want in");
});

for (const measure of ["found", "high", "immediate", "held", "quick", "type:seat_expansion", "timeline:immediate"]) {
  test(`the number ${measure} opens, and its rows add up to it`, async ({ page }) => {
    await signIn(page, "leader", `/finder?open=${measure}`);
    const drawer = page.getByRole("dialog").or(page.locator("section:has(tfoot)")).first();
    await expect(drawer).toBeVisible();
    const cells = await drawer.locator("tbody tr td:last-child").allInnerTexts();
    const sum = cells.map(amount).reduce((a, b) => a + b, 0);
    expect(cells.length).toBeGreaterThan(0);
    expect(amount(await drawer.locator("tfoot td:last-child").innerText())).toBe(sum);
  });
}

test("a signal logged by hand stands in the list", async ({ page }) => {
  const words = `Wants a workshop for the new team (${test.info().project.name})`;
  await signIn(page, "csm", "/signals/new");
  await alive(page);
  await page.getByLabel("Account").selectOption({ label: "Acme Corp" });
  await page.getByLabel("Leads to").selectOption("upsell");
  await page.getByLabel("What it says").fill(words);
  await page.getByRole("button", { name: "Log the signal" }).click();
  await expect(page).toHaveURL(/\/signals\?/);
  await page.goto("/signals?q=acme&rule=manual");
  await expect(page.locator("main")).toContainText("Wants a workshop for the new team");
});
