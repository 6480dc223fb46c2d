import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { table } from './markdown-table.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** The page that says what is promised, and where it is tried. */
export const SECURITY_PAGE = join(ROOT, 'SECURITY.md');
/** What came of the tests when `npm run promises` ran last. */
const RESULTS_FILE = join(ROOT, 'tests/support/promise-results.json');

/** What is promised, by the name under which tests say that they try it. */
export const PROMISES: Readonly<Record<string, string>> = {
  R3: 'No failure of what samples the machine ends, hangs or slows the server',
  R4: 'A slow reader costs others nothing, and memory is bounded',
  R5: 'A reader that has gone leaves nothing behind',
  R6: 'A dead peer is noticed, on both sides',
  R7: 'A restart is followed by no storm of readers that come back at once',
  R8: 'SIGTERM says goodbye to everybody, and the process has ended within five seconds',
  R11: 'A disk that is full or may not be written to leaves the live view as it is',
  R12: 'Out of descriptors there are no new readers, and nothing else is amiss',
  R14: 'A clock that is set breaks neither order nor rates',
  R15: 'A pause is told as one gap, and not made up for in a burst',
  R19: 'What is held does not grow with time',
  R22: '`/healthz` says what is missing, and is never 200 when what is shown is stale',
  S1: 'Beyond this machine nothing is served without a token, unless somebody said so, and then the log and the page say so',
  S2: 'Only names that were given are served, which stops DNS rebinding',
  S3: 'Other origins are allowed exactly, from a list; never reflected, never `*` with data',
  S4: 'A page of another origin cannot hold even a stream',
  S5: 'A change needs positive proof that a page of this server asks for it',
  S6: 'Credentials travel in headers and cookies; what stands in a URL is void when it is first used',
  S7: 'Tokens have 256 random bits, are shown once, kept as digests and compared in constant time',
  S8: 'What is revoked ends within a second, open streams included',
  S9: 'Headers, bodies, connections and streams are bounded, and others are served meanwhile',
  S10: 'Names from the machine are only ever text',
  S11: 'Every answer has a strict policy, Trusted Types included',
  S12: 'An embed token opens the metrics that it lists, to the pages that it lists, and no more',
  S13: 'No event of the stream can be forged',
  S14: 'A name like `__proto__` is a name like any other',
  S15: 'Only files that were built are served; no request becomes a path',
  S18: 'One event is one line of the log, whatever is in it',
  S19: 'An error says nothing of what went wrong inside',
  S20: 'No input keeps a parser busy',
  S21: 'A request that can be read in two ways is not read at all',
  S25: 'No secret comes out: of a route, a stream, a log or a page; and each route says who may have it',
  S26: 'No connection is begun: no telemetry, no update check, no font of others',
};

const FOLDERS = ['shared/src', 'server/src', 'web/src', 'tests'];
const TITLE =
  /\b(?:describe|it|test)[\w.]*(?:\([^()'"`]*(?:'[^']*')?[^()'"`]*\))?\(\s*(['"`])((?:[RS]\d+(?:, )?)+): |\['(R\d+): /g;

/** The files in which tests name a promise. */
export function testsOf(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>(Object.keys(PROMISES).map((name) => [name, new Set()]));
  for (const folder of FOLDERS) {
    for (const { parentPath, name } of readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })) {
      const isTest = /\.(test|spec)\.ts$/.test(name) && !parentPath.includes('node_modules');
      if (!isTest) continue;
      const path = join(parentPath, name);
      for (const [, , names, other] of readFileSync(path, 'utf8').matchAll(TITLE)) {
        for (const promise of (names ?? other ?? '').split(', ')) {
          const files = found.get(promise);
          if (!files) throw new Error(`${path} names ${promise}, which is no promise`);
          files.add(relative(ROOT, path).replaceAll('\\', '/'));
        }
      }
    }
  }
  return new Map([...found].map(([name, files]) => [name, [...files].sort()]));
}

type Outcome = 'passed' | 'failed' | 'skipped';
/** As `promise-results.js` writes it. */
interface Results {
  readonly at: string;
  readonly commit: string | null;
  readonly node: string;
  readonly system: string;
  /** The command whose counts it had. */
  readonly counts: 'soak' | 'test';
  /** By promise and file. */
  readonly results: Readonly<Record<string, Readonly<Record<string, Readonly<Record<Outcome, number>>>>>>;
}

/** How the tests of a promise ended, in words; those that did not run are named. */
export function resultOf(results: Results['results'][string] | undefined, files: readonly string[]): string {
  const sum = (outcome: Outcome) => files.reduce((all, file) => all + (results?.[file]?.[outcome] ?? 0), 0);
  const counts = (['failed', 'passed', 'skipped'] as const).flatMap((outcome) => {
    const count = sum(outcome);
    return count === 0 ? [] : [`${count} ${outcome}`];
  });
  const missing = files.filter((file) => !results?.[file]).map((file) => file.split('/').at(-1));
  return [...counts, ...(missing.length === 0 ? [] : [`not run: ${missing.join(', ')}`])].join('; ');
}

const TABLE = /(<!-- promises -->\n)[\s\S]*?(<!-- \/promises -->\n)/;

/** The page with the table of promises as the tests have it, and what came of them when they were last asked. */
export function filledSecurity(page: string): string {
  const tests = testsOf();
  const { at, commit, node, system, counts, results }: Results = JSON.parse(readFileSync(RESULTS_FILE, 'utf8'));
  const rows = Object.entries(PROMISES).map(([name, promise]) => {
    const files = tests.get(name) ?? [];
    const links = files.map((file) => `[${file.split('/').at(-1)}](${file})`);
    return [name, promise, links.join(', '), resultOf(results[name], files)];
  });
  const text = [
    `Results: \`npm run promises\` on ${at}, commit ${commit}, Node ${node}, ${system}, with the counts of \`npm run ${counts}\`.`,
    '',
    table(['', 'what is promised', 'tried in', 'result'], rows),
  ].join('\n');
  return page.replace(TABLE, (_, before: string, after: string) => `${before}\n${text}\n\n${after}`);
}
