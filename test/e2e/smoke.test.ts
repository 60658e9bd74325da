// The smoke test of a deployment, run against the local server.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Keyhold, startKeyhold } from '../support/http/local-server.ts';

const run = promisify(execFile);

let keyhold: Keyhold;
beforeAll(async () => {
  keyhold = await startKeyhold({ fromSource: true });
});
afterAll(() => keyhold.stop());

const smoke = (secret: string) => {
  const credentials = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: secret, AWS_REGION: 'us-east-1' };
  return run(process.execPath, ['scripts/smoke.ts', '--url', keyhold.url], { env: { ...credentials } });
};

describe('the smoke test', () => {
  it('does every step for a throw-away user', async () => {
    const { stdout } = await smoke('local');
    expect(stdout).toBe('ok  health\nok  add\nok  list\nok  resolve\nok  delete\n');
  });

  it('fails for a caller that the runtime routes refuse', async () => {
    await expect(smoke('other')).rejects.toMatchObject({ code: 1, stdout: 'ok  health\n' });
  });
});
