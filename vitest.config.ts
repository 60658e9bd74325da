// The suites, one project each; docs/testing.md says what each can find. Time limits are hang limits: no test depends on speed.
import { defineConfig } from 'vitest/config';

const HANG_MILLISECONDS = 60_000;
const SLOW_HANG_MILLISECONDS = 120_000;

const project = (name: string, testTimeout: number, options = {}) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout,
    hookTimeout: SLOW_HANG_MILLISECONDS,
    expect: { poll: { timeout: HANG_MILLISECONDS / 2 } },
    ...options,
  },
});

/** Suites that compute and do not wait: a worker per core, so that fewer import the same modules. They run after the others. */
const COMPUTING = { maxWorkers: 2, sequence: { groupOrder: 1 } };

const reliability = (name: string, testTimeout: number, options = {}) =>
  project(name, testTimeout, { include: [`test/reliability/${name}/**/*.test.ts`], ...options });

/** It runs a server and waits for its sweeps, as the e2e suite does, against the rights in the template. */
const USED_RIGHTS = 'test/infra/used-rights.test.ts';

/** Tests of what a function does when its module is loaded: they load modules anew, with other settings. */
const FUNCTIONS = 'test/unit/functions/**/*.test.ts';

// For the suites that start many processes.
const PROGRAMS = { globalSetup: ['test/support/run/bundled-programs.ts'] };

export default defineConfig({
  test: {
    // The aim for `npm test` is on two cores. Four workers: much of a test over HTTP is waiting.
    maxWorkers: 4,
    globalSetup: ['test/support/run/require-node-24.ts', 'test/support/run/test-homes.ts'],
    reporters: ['default', './test/support/run/closing-line-reporter.ts'],
    projects: [
      // With isolate: false, files share their imports: a third of the time. Each restores what it changed in the process.
      project('unit', HANG_MILLISECONDS, {
        ...COMPUTING,
        include: ['test/unit/**/*.test.ts'],
        exclude: [FUNCTIONS],
        isolate: false,
      }),
      project('process', HANG_MILLISECONDS, { ...COMPUTING, include: [FUNCTIONS] }),
      project('contract', HANG_MILLISECONDS, { isolate: false }),
      reliability('simulation', SLOW_HANG_MILLISECONDS, { ...COMPUTING, isolate: false }),
      reliability('histories', SLOW_HANG_MILLISECONDS, { ...COMPUTING, isolate: false }),
      reliability('planted', SLOW_HANG_MILLISECONDS, { ...COMPUTING }),
      // Chromium; it is skipped aloud where there is none.
      project('browser', SLOW_HANG_MILLISECONDS, { ...COMPUTING, ...PROGRAMS }),
      project('infra', SLOW_HANG_MILLISECONDS, { ...COMPUTING, exclude: [USED_RIGHTS], isolate: false }),
      project('e2e', SLOW_HANG_MILLISECONDS, {
        include: ['test/e2e/**/*.test.ts', USED_RIGHTS],
        isolate: false,
        ...PROGRAMS,
      }),
      reliability('crash', SLOW_HANG_MILLISECONDS, PROGRAMS),
    ],
  },
});
