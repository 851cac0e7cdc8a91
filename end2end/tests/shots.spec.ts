// Pictures of every page, to lay beside the design: light and dark at 1440 px, light and dark at 390 px.
import { PAGES, alive, signIn, test } from "./helpers";

const NAMED: [string, string][] = [
  ...PAGES.admin.map((path): [string, string] => [path.slice(1).replaceAll("/", "-"), path]),
  ["login", "/login"],
  ["finder-drawer", "/finder?open=high"],
];

for (const scheme of ["light", "dark"] as const) {
  for (const width of [1440, 390]) {
    test(`${scheme} at ${width}`, async ({ browser }) => {
      test.setTimeout(240_000);
      const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height: width > 400 ? 1000 : 800 } });
      const page = await context.newPage();
      await signIn(page, "admin");
      for (const [name, path] of NAMED) {
        await page.goto(path);
        await alive(page);
        const suffix = `${width > 400 ? "" : "-390"}-${scheme}`;
        await page.screenshot({ path: `end2end/shots/${name}${suffix}.png`, fullPage: true });
      }
      await context.close();
    });
  }
}
