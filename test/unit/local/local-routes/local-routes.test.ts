// The routes that only a laptop has: tokens and events, for this machine and nobody else's page.
import { describe, expect, it } from 'vitest';
import { refused, startEchoServer } from '../echo-server.ts';

const { ask, askRaw } = startEchoServer();

describe('the local routes', () => {
  const forToken = (body: string): Promise<[number, string]> => ask('/_local/token', { method: 'POST', body });

  it('give a token, for an hour unless told otherwise', async () => {
    expect(await forToken('{"sub":"alice"}')).toEqual([200, '{"accessToken":"alice.3600"}']);
    expect(await forToken('{"sub":"a","expiresInSeconds":5}')).toEqual([200, '{"accessToken":"a.5"}']);
  });

  it.each([
    '',
    'x',
    '[]',
    '{}',
    '{"sub":""}',
    '{"sub":1}',
    '{"sub":"\\ud800"}',
    '{"sub":"a","x":1}',
    '{"sub":"a","expiresInSeconds":"5"}',
  ])('say what is wrong with %j', async (body) => {
    const [status, answer] = await forToken(body);
    expect(status).toBe(400);
    expect(JSON.parse(answer).message).toContain('expiresInSeconds');
  });

  it('know no more than there is', async () => {
    expect(await ask('/_local/events')).toEqual([200, '{"events":[{"type":"a"}]}']);
    expect(await ask('/_local/none')).toEqual(refused(404, 'Not Found'));
    expect(await ask('/_local/token')).toEqual(refused(404, 'Not Found'));
  });

  const fromElsewhere: [string, string][] = [
    ['another origin', 'Host: 127.0.0.1\r\nOrigin: https://evil.example'],
    ['no origin of its own', 'Host: 127.0.0.1\r\nOrigin: null'],
    ['another port of this machine', 'Host: 127.0.0.1:3000\r\nOrigin: http://127.0.0.1:3001'],
    ['a page that says cross-site', 'Host: localhost\r\nSec-Fetch-Site: cross-site'],
    ['a name re-pointed at this machine', 'Host: evil.example'],
    ['a name that only begins like one of ours', 'Host: localhost.evil.example'],
  ];
  it.each(fromElsewhere)('refuse %s', async (_, headers) => {
    const answer = await askRaw(`GET /_local/events HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  });

  it.each([
    'Host: localhost:3000\r\nOrigin: http://localhost:3000',
    'Host: [::1]:3000',
    'Host: 127.0.0.1\r\nSec-Fetch-Site: none',
  ])('answer to %j', async (headers) => {
    const answer = await askRaw(`GET /_local/events HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });
});
