import { defineConfig } from '@playwright/test';
import { CHROMIUM_ARGS } from './tests/support/chromium.ts';

/** These measure time, and who measures must not have somebody beside them. */
const TIMED = /(gzip|one-connection)\.spec\.ts$/;
const soak = process.env['SOAK'] === '1';
/** `tests/run.js` runs them by themselves (`1`), after the others (`0`); by hand everything runs, one after another. */
const { TELLTALE_TIMED: timed } = process.env;
/** Photographs are for who wants to look at them. */
const PHOTOGRAPHS = soak || process.env['TELLTALE_SCREENSHOTS'] ? [] : [/screenshots\.spec\.ts$/];
const chosen = {
  '0': { testIgnore: [TIMED, ...PHOTOGRAPHS] },
  '1': { testMatch: TIMED },
}[timed ?? ''] ?? { testIgnore: PHOTOGRAPHS };

/** `tests/run.js` finds the browsers and names them here; without a name Playwright takes the one it has installed itself. */
const { TELLTALE_CHROMIUM: chromium, TELLTALE_FIREFOX: firefox } = process.env;

export default defineConfig({
  testDir: 'tests/e2e',
  ...chosen,
  outputDir: 'test-results/e2e',
  reporter: [['list'], ['json', { outputFile: 'test-results/playwright.json' }]],
  // On machines of any size; a test that passes at its second try is a test that fails.
  workers: timed === '0' ? 2 : 1,
  retries: 0,
  forbidOnly: true,
  // A time-out is for what hangs: two browsers may have to share a processor. What promises less says so itself.
  timeout: 60_000,
  expect: { timeout: 15_000 },
  projects: [
    {
      name: 'chromium',
      ...(soak ? {} : { grepInvert: /@soak|@firefox/ }),
      use: {
        browserName: 'chromium',
        launchOptions: {
          ...(chromium ? { executablePath: chromium } : {}),
          args: CHROMIUM_ARGS,
        },
      },
    },
    {
      // What another engine may do otherwise: what is refused (`@both`), and what people do from beginning to end, part by
      // part in Chromium (`@firefox`). All of what Chromium runs under `SOAK=1`.
      name: 'firefox',
      ...(soak ? { grepInvert: /@chromium/ } : { grep: /@both|@firefox/ }),
      use: {
        browserName: 'firefox',
        // A Firefox as Mozilla makes it is driven by WebDriver BiDi; Playwright's own is patched to be driven otherwise.
        ...(firefox ? { channel: 'moz-firefox', launchOptions: { executablePath: firefox } } : {}),
      },
    },
  ],
});
