// `npm test`, `npm run check`, `npm run soak`, `npm run promises`, `npm run fix`, `npm run golden` and `npm run painted`. Plain Node, and no
// terminal is needed.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, install, root } from '../server/bin/workspace.js';
import { findBrowsers } from './support/browser.js';
import { bin, check, finish, impossible, runner } from './support/steps.js';

const UNIT_PROJECTS = ['unit'];

/** Types, lint, templates and leftovers: what can be said without running anything. Templates take as long as the rest. */
async function staticChecks() {
  await Promise.all([templates(), inTurn()]);
}

async function inTurn() {
  await check('types', () => bin('typescript7/bin/tsc', ['-b']));
  await check('lint and format', () => bin('@biomejs/biome/bin/biome', ['check', '--error-on-warnings']));
  await check('unused files, exports and dependencies', () => bin('knip/bin/knip.js', []));
}

async function templates() {
  // In the folder of the tsconfig that it is to follow. The pattern comes first: after a switch it would be its value,
  // and nothing would be analysed. It knows no newer CSS, and that classes and definitions are apart by design.
  const known = ['no-invalid-css', 'no-missing-import'].flatMap((rule) => [`--rules.${rule}`, 'off']);
  const strictly = ['src/**/*.ts', '--strict', '--maxWarnings', '0', ...known];
  await check('templates', () => bin('lit-analyzer/cli.js', strictly, 'web'));
}

const VITEST_REPORT = 'test-results/vitest.json';
const PLAYWRIGHT_REPORT = 'test-results/playwright.json';

function vitest(projects, ...filter) {
  const chosen = projects.flatMap((name) => ['--project', name]);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${VITEST_REPORT}`];
  return runner('vitest', 'vitest/vitest.mjs', ['run', ...chosen, ...filter, ...reporters], {
    report: VITEST_REPORT,
    read: ({ numPassedTests, numFailedTests }) => ({ passed: numPassedTests, failed: numFailedTests }),
  });
}

/** `timed`: those that measure time, by themselves, or the others. */
function playwright(browsers, timed, ...filter) {
  const projects = Object.keys(browsers).map((name) => `--project=${name}`);
  return runner(
    timed ? 'playwright, timed' : 'playwright',
    '@playwright/test/cli.js',
    ['test', ...projects, ...filter],
    {
      report: PLAYWRIGHT_REPORT,
      read: ({ stats }) => ({ passed: stats.expected, failed: stats.unexpected + stats.flaky }),
      env: Object.assign({ TELLTALE_TIMED: timed ? '1' : '0' }, ...Object.values(browsers)),
    },
  );
}

async function test() {
  let browsers = {};
  await check('browsers', async () => {
    const { found, problem } = await findBrowsers();
    browsers = found;
    // The tests run in those that there are, and the run fails all the same.
    if (problem) throw new Error(problem);
  });
  await staticChecks();
  const built = await check('build', build);
  // Without a fresh build the tests that need one would run against an old one.
  await vitest(built ? [] : UNIT_PROJECTS);
  if (!built) impossible('playwright', 'there is no build to test');
  else if (Object.keys(browsers).length === 0) impossible('playwright', 'there is no browser');
  else for (const timed of [false, true]) await playwright(browsers, timed);
}

async function quick() {
  await staticChecks();
  await vitest(UNIT_PROJECTS);
}

/** The tests that repeat something, with counts for which nobody waits at every change, and every variant in both browsers. */
async function soak() {
  if (!(await check('build', build))) return;
  process.env['SOAK'] = '1';
  await vitest([]);
  const { found } = await findBrowsers();
  for (const timed of [false, true]) await playwright(found, timed);
}

/** Tries every promise as `soak` does (`SOAK=0`: as `test`), and writes into SECURITY.md what came of it, be it good or not. */
async function promises() {
  if (!(await check('build', build))) return;
  process.env['SOAK'] ??= '1';
  const named = '(^| )[RS][0-9]+[:,] ';
  await vitest([], '-t', named);
  const { found } = await findBrowsers();
  await playwright(found, false, '--grep', named);
  await check('results', async () => {
    const results = execFileSync(
      process.execPath,
      ['tests/support/promise-results.js', VITEST_REPORT, PLAYWRIGHT_REPORT],
      { cwd: root },
    );
    writeFileSync(join(root, 'tests/support/promise-results.json'), results);
    await bin('vitest/vitest.mjs', ['run', '--project', 'security', 'promises', '--update']);
  });
}

/** What is painted now is as it should be. */
async function repaint() {
  if (!(await check('build', build))) return;
  const { found } = await findBrowsers();
  await playwright({ chromium: found.chromium }, false, 'painted', '--update-snapshots=all');
}

const COMMANDS = {
  test,
  check: quick,
  soak,
  promises,
  fix: () => check('fix', () => bin('@biomejs/biome/bin/biome', ['check', '--write'])),
  painted: repaint,
  golden: () => check('golden', () => bin('vitest/vitest.mjs', ['run', '--project', 'unit', 'golden', '--update'])),
};
const [name = 'test'] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : null;
if (!command) {
  console.error(`"${name}" is not one of ${Object.keys(COMMANDS).join(', ')}`);
  process.exit(2);
}
if (await check('install', install)) await command();
finish();
