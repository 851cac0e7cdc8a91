// Every page of every role: it answers, says what it is, and works with the keyboard's and the screen reader's rules.
import { PAGES, ROLES, alive, expect, expectAccessible, expectNoSidewaysScroll, signIn, test } from "./helpers";

for (const role of ROLES) {
  test(`${role}: every page`, async ({ page, javaScriptEnabled }) => {
    test.setTimeout(180_000);
    await signIn(page, role);
    for (const path of PAGES[role]) {
      await test.step(path, async () => {
        const answer = await page.goto(path);
        expect(answer?.status(), path).toBe(200);
        await expect(page.locator("h1").first()).toBeVisible();
        if (javaScriptEnabled === false) return;
        await alive(page);
        await expectNoSidewaysScroll(page);
        if (role === "admin") await expectAccessible(page);
      });
    }
  });
}

test("what one may not see is not there", async ({ page }) => {
  await signIn(page, "csm");
  for (const path of ["/admin/users", "/admin/imports", "/admin/settings", "/admin/jobs", "/admin/audit"]) {
    const answer = await page.goto(path);
    expect([403, 404], path).toContain(answer?.status());
  }
  // Tom Becker's account, seen by Maya Ortiz.
  expect((await page.goto("/accounts/techstart"))?.status()).toBe(404);
});

test("no page scrolls sideways at 360 px", async ({ page, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled === false, "measured with a script");
  test.setTimeout(120_000);
  await page.setViewportSize({ width: 360, height: 740 });
  await signIn(page, "admin");
  for (const path of PAGES.admin) {
    await page.goto(path);
    await alive(page);
    await test.step(path, () => expectNoSidewaysScroll(page));
  }
});
