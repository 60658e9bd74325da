// The suites: unit (rules), process (units that touch what a process shares), contract (ports, on the fake and on the engine),
// simulation, histories (concurrent clients on the engine), planted (faults put in on purpose, which the suites must catch),
// infra (the stack), e2e (HTTP), crash (kill -9).
import { defineConfig } from 'vitest/config';

const project = (name: string, testTimeout: number, given = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, hookTimeout: 60_000, ...given },
});

const reliability = (name: string, testTimeout: number) =>
  project(name, testTimeout, { include: [`test/reliability/${name}/**/*.test.ts`] });

const RULES = ['domain', 'operations', 'http', 'providers', 'house'].map((room) => `test/unit/${room}/**/*.test.ts`);

export default defineConfig({
  test: {
    // Two cores are what the figures are for; by itself it would leave one idle.
    maxWorkers: 2,
    globalSetup: ['test/support/require-node-24.ts', 'test/support/test-homes.ts'],
    reporters: ['default', './test/support/closing-line-reporter.ts'],
    projects: [
      // Rules keep nothing between files, so these share what they import: a third of the time.
      project('unit', 10_000, { include: RULES, isolate: false }),
      // The rest of the units touches what all of a process shares: its environment, its output, clients.
      project('process', 10_000, { include: ['test/unit/**/*.test.ts'], exclude: RULES }),
      project('contract', 30_000),
      reliability('simulation', 120_000),
      reliability('histories', 120_000),
      reliability('planted', 60_000),
      project('infra', 120_000),
      project('e2e', 60_000),
      reliability('crash', 60_000),
    ],
  },
});
