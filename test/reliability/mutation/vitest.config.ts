// The unit suites as Stryker runs them: those of one part, named in MUTATION_TESTS. (Stryker's own `testFiles` leaves
// mutants of a module's top level inactive, which then all survive.)
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: (process.env.MUTATION_TESTS ?? 'test/unit/**/*.test.ts').split(','),
    setupFiles: ['test/reliability/mutation/no-shrinking.ts'],
    globalSetup: ['test/support/test-homes.ts'],
    testTimeout: 10_000,
  },
});
