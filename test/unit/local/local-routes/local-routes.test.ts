// The routes that exist locally only: tokens and events, for this machine and not for pages of other origins.
import { describe, expect, it } from 'vitest';
import { refused, startEchoServer } from '../echo-server.ts';

const { ask, askRaw } = startEchoServer();

describe('the local routes', () => {
  const forToken = (body: string): Promise<[number, string]> => ask('/_local/token', { method: 'POST', body });

  it('issue a token, valid for an hour by default', async () => {
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
  ])('refuse the body %j and say why', async (body) => {
    const [status, answer] = await forToken(body);
    expect(status).toBe(400);
    expect(JSON.parse(answer).message).toContain('expiresInSeconds');
  });

  it('answer 404 to any other path or method', async () => {
    expect(await ask('/_local/events')).toEqual([200, '{"events":[{"type":"a"}]}']);
    expect(await ask('/_local/none')).toEqual(refused(404, 'Not Found'));
    expect(await ask('/_local/token')).toEqual(refused(404, 'Not Found'));
  });

  const fromElsewhere: [string, string][] = [
    ['another origin', 'Host: 127.0.0.1\r\nOrigin: https://evil.example'],
    ['an opaque origin', 'Host: 127.0.0.1\r\nOrigin: null'],
    ['another port of this machine', 'Host: 127.0.0.1:3000\r\nOrigin: http://127.0.0.1:3001'],
    ['a page marked cross-site', 'Host: localhost\r\nSec-Fetch-Site: cross-site'],
    ['another name of this machine (DNS rebinding)', 'Host: evil.example'],
    ['a host name that begins with localhost', 'Host: localhost.evil.example'],
  ];
  it.each(fromElsewhere)('refuse a request from %s', async (_, headers) => {
    const answer = await askRaw(`GET /_local/events HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  });

  it.each([
    'Host: localhost:3000\r\nOrigin: http://localhost:3000',
    'Host: [::1]:3000',
    'Host: 127.0.0.1\r\nSec-Fetch-Site: none',
  ])('answer a request with %j', async (headers) => {
    const answer = await askRaw(`GET /_local/events HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });
});
