import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { filledSecurity, PROMISES, resultOf, SECURITY_PAGE, testsOf } from '../support/promises.ts';

describe('SECURITY.md', () => {
  it('has a test for every promise', () => {
    const tests = testsOf();
    expect(Object.keys(PROMISES).filter((name) => tests.get(name)?.length === 0)).toEqual([]);
  });

  // After a change: npx vitest run --project security promises --update
  it('names for each promise where it is tried', async () => {
    await expect(filledSecurity(readFileSync(SECURITY_PAGE, 'utf8'))).toMatchFileSnapshot(SECURITY_PAGE);
  });
});

describe('results', () => {
  const root = fileURLToPath(new URL('../../', import.meta.url));

  it('are those of the reports: of each test whose title, or that of what it is in, names a promise', () => {
    const folder = mkdtempSync(join(tmpdir(), 'telltale-promises-'));
    const report = (name: string, content: object) => {
      writeFileSync(join(folder, name), JSON.stringify(content));
      return join(folder, name);
    };
    const assertion = (ancestorTitles: readonly string[], title: string, status: string) => ({
      ...{ ancestorTitles, title, status },
    });
    const vitest = report('vitest.json', {
      startTime: Date.UTC(2026, 0, 2),
      testResults: [
        {
          name: join(root, 'tests/a.test.ts'),
          assertionResults: [
            assertion(['R3, S10: names'], 'one', 'passed'),
            assertion(['R3, S10: names'], 'R3: another', 'failed'),
            assertion(['something'], 'that is no promise: S3', 'failed'),
            // What is skipped by a condition, and what a filter left out.
            assertion(['outside', 'R3: more'], 'two', 'pending'),
          ],
        },
      ],
    });
    const spec = (title: string, ...statuses: string[]) => ({
      ...{ title, file: 'b.spec.ts', tests: statuses.map((status) => ({ status })) },
    });
    const playwright = report('playwright.json', {
      config: { rootDir: join(root, 'tests/e2e') },
      suites: [
        {
          title: 'b.spec.ts',
          specs: [spec('S4: held', 'expected', 'unexpected')],
          suites: [{ title: 'S4: inside', specs: [spec('more', 'flaky', 'skipped')] }],
        },
      ],
    });
    const text = execFileSync(process.execPath, [
      ...[join(root, 'tests/support/promise-results.js'), vitest, playwright],
    ]);
    rmSync(folder, { recursive: true });
    const { at, node, results } = JSON.parse(String(text));
    expect({ at, node }).toEqual({ at: '2026-01-02', node: process.version });
    expect(results).toEqual({
      R3: { 'tests/a.test.ts': { passed: 1, failed: 1, skipped: 1 } },
      S10: { 'tests/a.test.ts': { passed: 1, failed: 1, skipped: 0 } },
      S4: { 'tests/e2e/b.spec.ts': { passed: 1, failed: 2, skipped: 1 } },
    });
  });

  it('are never better than what ran', () => {
    const results = { 'a.test.ts': { passed: 2, failed: 1, skipped: 0 } };
    expect(resultOf(results, ['a.test.ts', 'x/b.test.ts'])).toBe('1 failed; 2 passed; not run: b.test.ts');
    expect(resultOf(undefined, ['a.test.ts'])).toBe('not run: a.test.ts');
    // A file that no longer names it does not count.
    expect(resultOf(results, [])).toBe('');
  });
});
