import { defineConfig } from 'playwright/test';

/** `app` drives the built app in Electron, `packaged` the app as electron-builder made it, fuses and all. */
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'out/e2e',
  forbidOnly: true,
  retries: 0,
  // Each test starts windows, services and sometimes a database of its own: two at a time would only wait for each other.
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  use: { trace: 'retain-on-failure', screenshot: 'only-on-failure' },
  projects: [
    { name: 'app', testMatch: '**/*.spec.ts', testIgnore: '**/packaged/**' },
    { name: 'packaged', testMatch: '**/packaged/**/*.spec.ts' },
  ],
});
