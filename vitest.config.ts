import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { counts } from './tests/support/counts.ts';

/**
 * Tests that wait for the most part, and measure nothing that the load of another would change: they run beside the unit
 * tests, whose time that would otherwise be.
 */
const WAITING = [
  'tests/conformance/{client-library,command,examples,history,http,join,package,proxy,record,recording,tls}.test.ts',
  'tests/faults/{dead-peer,goaway,history-*,restart,shutdown,validators}.test.ts',
];

/**
 * Crowds of readers, and what is closed after seconds: whether all is told, not how soon, nor how much is kept. A few of
 * them at a time are no trouble to each other; beside the unit tests they would be.
 */
const CROWDS = ['tests/conformance/limits.test.ts', 'tests/faults/{cuts*,health,proxy}.test.ts'];

/**
 * Servers that are paused, or of which the clock, the files or the machine are changed, and what they hold: each waits for
 * seconds of its own and is hardly busy. What they are tried for is compared with what they say themselves.
 */
const PATIENT = [
  'tests/conformance/{packaging,portable}.test.ts',
  'tests/faults/{clock,leaks*,machine,pause,soak}.test.ts',
];

/** Those that have a group of their own. */
const ELSEWHERE = [...WAITING, ...CROWDS, ...PATIENT];

/** Floods, and what is asked to keep a parser busy. */
const ATTACKS = ['tests/security/{flood,requests}.test.ts'];

/** A time-out is for what hangs: what thinks for seconds may have to share its processor. Who promises less says so. */
const TIMEOUTS = { testTimeout: counts.timeoutMs, hookTimeout: 30_000, expect: { poll: { timeout: 15_000 } } };
/** Modules are loaded once for all files of a worker, which halves the time: none of ours keeps what a test did to it. */
const SHARED = { isolate: false };
/** One file after another: what is measured here must not be measured beside the load of another file. */
const ALONE = { ...TIMEOUTS, fileParallelism: false };

/**
 * Groups run one after the other. Projects of one begin in the order of their names: unit tests, which are short, come last
 * and fill up.
 */
function project(name: string, include: string | readonly string[], group: number, options: object) {
  const sequence = { groupOrder: group };
  return { test: { name, include: [include].flat(), environment: 'node' as const, sequence, ...options } };
}

/** One project, since each has workers of its own, which take most of a second to start. */
const UNIT = ['{shared,server,web}/src/**/*.test.ts', 'tests/hosts/**/*.test.ts'];

export default defineConfig({
  test: {
    // More than there are processors: those that wait leave theirs to others.
    maxWorkers: Math.max(4, availableParallelism() + 2),
    projects: [
      project('unit', UNIT, 0, { ...TIMEOUTS, ...SHARED, setupFiles: 'tests/support/random-runs.ts' }),
      project('servers', WAITING, 0, { ...TIMEOUTS, ...SHARED }),
      project('security', 'tests/security/**/*.test.ts', 0, { ...TIMEOUTS, ...SHARED, exclude: ATTACKS }),
      project('crowds', CROWDS, 1, { ...TIMEOUTS, ...SHARED, maxWorkers: 3 }),
      project('patient', PATIENT, 2, { ...TIMEOUTS, ...SHARED, maxWorkers: 3 }),
      project('measured', 'tests/{conformance,faults}/**/*.test.ts', 3, { ...ALONE, ...SHARED, exclude: ELSEWHERE }),
      // What measures how others are served meanwhile.
      project('attacks', ATTACKS, 4, ALONE),
    ],
  },
});
