import { defineConfig } from '@playwright/test';

/** `tests/run.js` finds a browser and names it here; without a name Playwright takes the one it has installed itself. */
const executablePath = process.env['TELLTALE_CHROMIUM'];

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results/e2e',
  reporter: [['list'], ['json', { outputFile: 'test-results/playwright.json' }]],
  // One browser at a time, on machines of any size; a test that passes at its second try is a test that fails.
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 30_000,
  projects: [{ name: 'chromium', use: { browserName: 'chromium' } }],
  use: {
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: [
        // Chromium's sandbox refuses to start as root, which is who runs in most containers.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        // A closed network answers none of these calls home; waiting for them only costs time.
        ...['--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic'],
      ],
    },
  },
});
