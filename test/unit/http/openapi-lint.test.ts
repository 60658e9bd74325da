// The linter accepts openapi.json.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

describe('openapi.json', () => {
  it('passes the linter without a warning', { timeout: 60_000 }, async () => {
    const { stderr } = await promisify(execFile)('node_modules/.bin/redocly', ['lint', 'openapi.json']);
    expect(stderr).toContain('Your API description is valid');
    expect(stderr).not.toMatch(/warning/);
  });
});
