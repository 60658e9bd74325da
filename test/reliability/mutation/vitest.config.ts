// The unit tests of one part, listed in MUTATION_TESTS, for Stryker. (Stryker's own `testFiles` does not activate mutants in
// top-level code, which then all survive.)
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: (process.env.MUTATION_TESTS ?? 'test/unit/**/*.test.ts').split(','),
    setupFiles: ['test/reliability/mutation/no-shrinking.ts'],
    globalSetup: ['test/support/run/test-homes.ts'],
    testTimeout: 10_000,
  },
});
