// A signal that is logged elsewhere arrives in the open inbox by itself.
import { alive, expect, signIn, test } from "./helpers";

test("the inbox says that something arrived", async ({ page, browser }) => {
  await signIn(page, "csm", "/inbox");
  await alive(page);
  const other = await browser.newContext();
  const leader = await other.newPage();
  await signIn(leader, "leader", "/signals/new");
  await alive(leader);
  await leader.getByLabel("Account").selectOption({ label: "Umbra Labs" });
  await leader.getByLabel("Leads to").selectOption("add_on");
  await leader.getByLabel("Strength").selectOption("strong");
  await leader.getByLabel("What it says").fill("Asked for more storage in the steering call");
  await leader.getByRole("button", { name: "Log the signal" }).click();
  await expect(leader).toHaveURL(/\/signals\?/);
  await expect(page.getByRole("button", { name: /\d+ new, show/ })).toBeVisible({ timeout: 15_000 });
  await other.close();
});
