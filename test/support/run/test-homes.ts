// One temporary folder for all suites, removed after the run: workers are killed before they can clean up.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default function testHomes(): () => void {
  const homes = mkdtempSync(join(tmpdir(), 'keyhold-tests-'));
  process.env.KEYHOLD_TEST_HOMES = homes;
  return () => rmSync(homes, { recursive: true, force: true });
}
