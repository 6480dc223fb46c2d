import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { counts } from './tests/support/counts.ts';

/**
 * Tests that wait for the most part, and measure nothing that the load of another would change: they run beside the unit
 * tests, whose time that would otherwise be.
 */
const WAITING = [
  'tests/conformance/{command,examples,history,http,join,package,portable,proxy,record,recording,tls}.test.ts',
  'tests/faults/{dead-peer,goaway,history-*,restart,shutdown,validators}.test.ts',
];

/** Floods, and what is asked to keep a parser busy. */
const ATTACKS = ['tests/security/{flood,requests}.test.ts'];

/** A time-out is for what hangs: what thinks for seconds may have to share its processor. */
const project = (name: string, ...include: string[]) => ({
  test: { name, include, environment: 'node' as const, testTimeout: 20_000 },
});

/** Modules are loaded once for all files of a worker, which halves the time: none of ours keeps what a test did to it. */
const unit = (name: string, include: string) => {
  const { test } = project(name, include);
  return { test: { ...test, isolate: false } };
};

export default defineConfig({
  test: {
    // More than there are processors: those that wait leave theirs to others.
    maxWorkers: Math.max(4, availableParallelism() + 2),
    projects: [
      unit('shared', 'shared/src/**/*.test.ts'),
      unit('server', 'server/src/**/*.test.ts'),
      unit('web', 'web/src/**/*.test.ts'),
      project('hosts', 'tests/hosts/**/*.test.ts'),
      {
        test: {
          ...project('waiting', ...WAITING).test,
          testTimeout: counts.timeoutMs,
          hookTimeout: 30_000,
        },
      },
      // One file after another: what is measured here must not be measured beside the load of another file.
      {
        test: {
          ...project('conformance', 'tests/conformance/**/*.test.ts').test,
          exclude: WAITING,
          fileParallelism: false,
          testTimeout: 30_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...project('security', 'tests/security/**/*.test.ts').test,
          exclude: ATTACKS,
          testTimeout: counts.timeoutMs,
          hookTimeout: 30_000,
        },
      },
      // What measures how others are served meanwhile must not be measured beside anything else.
      {
        test: {
          ...project('attacks', ...ATTACKS).test,
          fileParallelism: false,
          testTimeout: counts.timeoutMs,
          hookTimeout: 30_000,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          ...project('faults', 'tests/faults/**/*.test.ts').test,
          exclude: WAITING,
          fileParallelism: false,
          testTimeout: counts.timeoutMs,
          hookTimeout: 30_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
