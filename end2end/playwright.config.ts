import { defineConfig } from "@playwright/test";

// Every flow runs twice: with JavaScript, and without it as plain forms and links.
export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  timeout: 45_000,
  expect: { timeout: 8_000 },
  fullyParallel: false,
  workers: 1,
  // Once more on a busy machine; a test that passed only then is listed as flaky.
  retries: 1,
  reporter: [["list"]],
  use: {
    baseURL: process.env.E2E_URL,
    locale: "en-GB",
    timezoneId: "UTC",
    viewport: { width: 1440, height: 1000 },
    launchOptions: {
      executablePath: "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    },
  },
  projects: [
    { name: "script", testIgnore: /shots/ },
    { name: "plain", use: { javaScriptEnabled: false }, testIgnore: /shots|live|hydration/ },
    { name: "shots", testMatch: /shots/ },
  ],
});
