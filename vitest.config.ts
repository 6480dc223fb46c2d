import { defineConfig } from 'vitest/config';
import { counts } from './tests/support/counts.ts';

const project = (name: string, ...include: string[]) => ({ test: { name, include, environment: 'node' as const } });

export default defineConfig({
  test: {
    projects: [
      project('shared', 'shared/src/**/*.test.ts'),
      project('server', 'server/src/**/*.test.ts'),
      project('web', 'web/src/**/*.test.ts'),
      project('hosts', 'tests/hosts/**/*.test.ts'),
      // One file after another: what is measured here must not be measured beside the load of another file.
      {
        test: {
          ...project('conformance', 'tests/conformance/**/*.test.ts').test,
          fileParallelism: false,
          testTimeout: 30_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...project('faults', 'tests/faults/**/*.test.ts').test,
          fileParallelism: false,
          testTimeout: counts.timeoutMs,
          hookTimeout: 30_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
