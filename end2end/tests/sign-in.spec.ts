import { expect, signIn, test } from "./helpers";

test("a wrong password says so and keeps the address", async ({ page }) => {
  await page.goto("/finder");
  await expect(page).toHaveURL(/\/login\?next=/);
  await page.getByLabel("E-mail").fill("leader@example.com");
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByLabel("E-mail")).toHaveValue("leader@example.com");
});

test("signing in leads to the page that was asked for, signing out ends it", async ({ page }) => {
  await signIn(page, "leader", "/signals");
  await expect(page).toHaveURL(/\/signals$/);
  await page.goto("/me");
  await page.getByRole("button", { name: "Sign out" }).first().click();
  await expect(page).toHaveURL(/\/login/);
  await page.goto("/finder");
  await expect(page).toHaveURL(/\/login\?next=/);
});

test("after ten failures the account waits", async ({ request }) => {
  const email = `nobody-${test.info().project.name}@example.com`;
  for (let i = 0; i < 10; i++) {
    const answer = await request.post("/login", { form: { email, password: "wrong" }, maxRedirects: 0 });
    expect(answer.status()).toBe(303);
  }
  const answer = await request.post("/login", { form: { email, password: "wrong" }, maxRedirects: 0 });
  expect(answer.status()).toBe(429);
  expect(Number(answer.headers()["retry-after"])).toBeGreaterThan(0);
});

test("a form sent from another site is refused", async ({ request }) => {
  const answer = await request.post("/login", {
    form: { email: "leader@example.com", password: "x" },
    headers: { origin: "https://evil.example" },
    maxRedirects: 0,
  });
  expect(answer.status()).toBe(403);
});
