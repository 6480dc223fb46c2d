import { defineConfig } from '@playwright/test';

/** `tests/run.js` finds the browsers and names them here; without a name Playwright takes the one it has installed itself. */
const { TELLTALE_CHROMIUM: chromium, TELLTALE_FIREFOX: firefox } = process.env;

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results/e2e',
  reporter: [['list'], ['json', { outputFile: 'test-results/playwright.json' }]],
  // One browser at a time, on machines of any size; a test that passes at its second try is a test that fails.
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 30_000,
  projects: [
    {
      name: 'chromium',
      use: {
        browserName: 'chromium',
        launchOptions: {
          ...(chromium ? { executablePath: chromium } : {}),
          args: [
            // Chromium's sandbox refuses to start as root, which is who runs in most containers.
            ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
            // A closed network answers none of these calls home; waiting for them only costs time.
            ...['--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic'],
          ],
        },
      },
    },
    {
      // What another engine may do otherwise: read the stream, share it between tabs, draw and lay out.
      name: 'firefox',
      testMatch: /(dashboard|exposure|frameworks|gzip|native-eventsource|one-connection)\.spec\.ts$/,
      grepInvert: /@chromium/,
      use: {
        browserName: 'firefox',
        // A Firefox as Mozilla makes it is driven by WebDriver BiDi; Playwright's own is patched to be driven otherwise.
        ...(firefox ? { channel: 'moz-firefox', launchOptions: { executablePath: firefox } } : {}),
      },
    },
  ],
});
