// The local server as a process: when it refuses to start, and how it ends. Each refusal is one line, without a stack trace.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Keyhold, startKeyhold } from '../../support/http/local-server.ts';

let keyhold: Keyhold;
beforeAll(async () => {
  keyhold = await startKeyhold({ fromSource: true });
});
afterAll(() => keyhold.stop());

const run = async (env: Record<string, string>) => {
  const child = spawn(process.execPath, [resolve('local/main.ts')], {
    env: { PATH: process.env.PATH, PORT: '0', KEYHOLD_HOME: `${keyhold.home}-other`, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const [code] = await once(child, 'exit');
  return { code, lines: output.trim().split('\n') };
};

describe('the local server', () => {
  it.each([
    ['a PORT that is not a number', { PORT: 'http' }, /PORT/],
    ['an environment in which endpoints are ignored', { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }, /AWS_IGNORE/],
    ['to run inside Lambda', { AWS_LAMBDA_FUNCTION_NAME: 'user-api' }, /Lambda/],
    ['a malformed setting', { MAX_CREDENTIALS_PER_USER: 'many' }, /MAX_CREDENTIALS_PER_USER/],
  ])('refuses %s in one line', async (_, env, named) => {
    const { code, lines } = await run(env);
    expect(code).toBe(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(named);
  });

  it('refuses a port that is in use', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { code, lines } = await run({ PORT: String((taken.address() as { port: number }).port) });
    taken.close();
    expect(code).toBe(1);
    expect(lines).toEqual([expect.stringMatching(/is taken/)]);
  });

  it('refuses a folder that another server uses', async () => {
    const { code, lines } = await run({ KEYHOLD_HOME: keyhold.home });
    expect(code).toBe(1);
    expect(lines).toEqual([expect.stringMatching(/another server already runs/)]);
  });

  it('exits with 0 on SIGTERM during calls, and loses no acknowledged write', async () => {
    const busy = await startKeyhold();
    const user = busy.user('alice');
    await user.call('GET', '/v1/me/credentials');
    const body = { type: 'api_key', provider: 'openai', apiKey: 'k' };
    const calls = Array.from({ length: 20 }, () => user.call('POST', '/v1/me/credentials', body).catch(() => null));
    expect(await busy.stop()).toBe(0);
    const replies = (await Promise.all(calls)).filter((reply) => reply !== null);
    const again = await startKeyhold({ home: busy.home });
    const { json } = await again.user('alice').call('GET', '/v1/me/credentials');
    expect(json.version).toBeGreaterThanOrEqual(replies.filter((reply) => reply.status === 201).length);
    await again.stop();
  });
});
