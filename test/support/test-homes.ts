// One folder for all that suites leave behind, gone with the run: workers are ended too suddenly to clean up themselves.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default function testHomes(): () => void {
  const homes = mkdtempSync(join(tmpdir(), 'keyhold-tests-'));
  process.env.KEYHOLD_TEST_HOMES = homes;
  return () => rmSync(homes, { recursive: true, force: true });
}
