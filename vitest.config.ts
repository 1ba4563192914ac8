import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'scripts/**/*.test.ts'],
          testTimeout: 15_000,
          // Conditions are waited for; how long says only how slow a machine may be.
          expect: { poll: { timeout: 10_000 } },
        },
      },
      {
        test: {
          name: 'end to end',
          include: ['test/**/*.test.ts'],
          globalSetup: 'test/global-setup.ts',
          // One browser at a time: the machines that run this are small.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 20_000 } },
        },
      },
    ],
  },
});
