import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test as base } from "@playwright/test";

export type Role = "admin" | "leader" | "csm" | "rep" | "viewer";
export const ROLES: Role[] = ["admin", "leader", "csm", "rep", "viewer"];

/** What each role finds in its sidebar. */
export const PAGES: Record<Role, string[]> = {
  admin: [
    "/finder", "/signals", "/signals/new", "/accounts", "/accounts/acme-corp", "/inbox", "/me", "/admin/users",
    "/admin/imports", "/admin/detection-rules", "/admin/settings", "/admin/jobs", "/admin/audit",
  ],
  leader: ["/finder", "/signals", "/signals/new", "/accounts", "/accounts/acme-corp", "/inbox", "/me"],
  csm: ["/finder", "/signals", "/signals/new", "/accounts", "/accounts/acme-corp", "/inbox", "/me"],
  rep: ["/accounts", "/inbox", "/me"],
  viewer: ["/accounts", "/accounts/acme-corp", "/me"],
};

/** A page that fails its test on any error in the console, hydration errors among them. */
export const test = base.extend<{ page: Page }>({
  page: async ({ page }, use) => {
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(`page: ${error.message}`));
    page.on("console", (message) => {
      const expected = /status of (401|403|404|409|422|429)/.test(message.text());
      if (message.type() === "error" && !expected) errors.push(`console: ${message.text()}`);
    });
    await use(page);
    expect(errors).toEqual([]);
  },
});
export { expect };

export async function signIn(page: Page, role: Role, next = "/") {
  await page.goto(`/login?next=${encodeURIComponent(next)}`);
  await page.getByLabel("E-mail").fill(`${role}@example.com`);
  await page.getByLabel("Password").fill(process.env.E2E_PASSWORD ?? "");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/login"));
}

/** Waits until the page is alive; without JavaScript there is nothing to wait for. */
export async function alive(page: Page) {
  await page.waitForLoadState("networkidle");
}

export async function expectAccessible(page: Page) {
  const result = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  expect(result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 3).join(", ")}`)).toEqual([]);
}

export async function expectNoSidewaysScroll(page: Page) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(over, "the page scrolls sideways").toBeLessThanOrEqual(0);
}
