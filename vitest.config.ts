import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Files at a time. Most tests of a file wait more than they work, so more of them run than there are cores. */
const maxWorkers = availableParallelism() + 2;

export default defineConfig({
  test: {
    maxWorkers,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'simulator/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: ['src/renderer/**'],
          testTimeout: 15_000,
          // Conditions are waited for; how long says only how slow a machine may be.
          expect: { poll: { timeout: 10_000 } },
        },
      },
      {
        test: {
          name: 'component',
          include: ['src/renderer/**/*.test.ts', 'src/renderer/**/*.test.tsx'],
          environment: 'happy-dom',
          // Loading React and all of the page anew for each file takes longer than the tests do.
          isolate: false,
          setupFiles: ['src/renderer/testing/setup.ts'],
          testTimeout: 15_000,
          expect: { poll: { timeout: 10_000 } },
        },
      },
      {
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          // They keep all cores busy by themselves.
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'fuzz',
          include: ['test/fuzz/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'end to end',
          include: ['test/**/*.test.ts'],
          exclude: ['test/faults/**', 'test/fuzz/**'],
          globalSetup: 'test/global-setup.ts',
          // Two browsers at a time, when nothing else runs: the machines that run this are small.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 20_000 } },
        },
      },
    ],
  },
});
