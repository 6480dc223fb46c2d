// What came of the tests that name a promise, from the reports that vitest and Playwright have left: `node
// promise-results.js VITEST.json PLAYWRIGHT.json` writes it as JSON to stdout. Plain Node, as what calls it is.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const NAMED = /^((?:[RS]\d+(?:, )?)+): /;

/** Each test of a report of vitest: its file, the titles that lead to it, and what came of it. */
function* ofVitest({ testResults }) {
  for (const { name, assertionResults } of testResults) {
    for (const { ancestorTitles, title, status } of assertionResults) {
      const outcome = status === 'passed' || status === 'failed' ? status : 'skipped';
      yield { file: relative(ROOT, name), titles: [...ancestorTitles, title], outcome };
    }
  }
}

const PLAYWRIGHT = { expected: 'passed', skipped: 'skipped' };
/** The same of Playwright, where a test runs once in each browser. */
function* ofPlaywright({ suites, config }) {
  const below = function* ({ title, suites: inner = [], specs = [] }, titles) {
    for (const spec of specs) {
      const file = relative(ROOT, `${config.rootDir}/${spec.file}`);
      for (const { status } of spec.tests) {
        yield { file, titles: [...titles, title, spec.title], outcome: PLAYWRIGHT[status] ?? 'failed' };
      }
    }
    for (const suite of inner) yield* below(suite, [...titles, title]);
  };
  for (const suite of suites) yield* below(suite, []);
}

/** By promise and file, how many tests passed, failed and were skipped. */
function resultsOf(tests) {
  const results = {};
  for (const { file, titles, outcome } of tests) {
    const promises = new Set(titles.flatMap((title) => NAMED.exec(title)?.[1].split(', ') ?? []));
    for (const promise of promises) {
      results[promise] ??= {};
      results[promise][file] ??= { passed: 0, failed: 0, skipped: 0 };
      results[promise][file][outcome]++;
    }
  }
  return results;
}

/** The commit that was tried, with a word if what was tried is more than that; `null` where nobody can tell. */
function commit() {
  const { status, stdout } = spawnSync('git', ['describe', '--always', '--dirty= with changes', '--exclude=*'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : null;
}

const [vitest, playwright] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')));
const record = {
  at: new Date(vitest.startTime).toISOString().slice(0, 10),
  commit: commit(),
  node: process.version,
  counts: process.env['SOAK'] === '1' ? 'soak' : 'test',
  system: `${os.type()} ${os.release()}`,
  results: resultsOf([...ofVitest(vitest), ...ofPlaywright(playwright)]),
};
process.stdout.write(`${JSON.stringify(record, null, 2)}\n`);
