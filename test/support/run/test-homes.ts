// One temporary folder for all suites, removed after the run: workers are killed before they can clean up. It also holds what Node
// compiled: a worker that starts with a file loads the packages without compiling them again.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default function testHomes(): () => void {
  const homes = mkdtempSync(join(tmpdir(), 'keyhold-tests-'));
  process.env.KEYHOLD_TEST_HOMES = homes;
  process.env.NODE_COMPILE_CACHE ??= join(homes, 'compiled');
  return () => rmSync(homes, { recursive: true, force: true });
}
