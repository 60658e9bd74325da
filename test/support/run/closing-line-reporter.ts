// A vitest reporter that ends the run with one line, "N passed, N failed", for scripts.
import type { Reporter, TestModule } from 'vitest/node';

export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0;
    let failed = errors.length;
    for (const module of modules) {
      let own = 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed++;
        if (state === 'failed') own++;
      }
      // A file that failed before its tests ran has no failed test to count.
      failed += own === 0 && !module.ok() ? 1 : own;
    }
    process.on('exit', () => console.log(`${passed} passed, ${failed} failed`));
  }
}
