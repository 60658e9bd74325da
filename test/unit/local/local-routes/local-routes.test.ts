// The routes that exist locally only: tokens and events, for this machine and not for pages of other origins.
import { describe, expect, it } from 'vitest';
import { refused, startEchoServer } from '../echo-server.ts';

const { ask, askRaw, port } = startEchoServer();

/** The status of GET /_local/events with the headers; `{port}` in them is the server's. */
const statusWith = async (headers: string): Promise<string> => {
  const lines = headers.replaceAll('{port}', String(port()));
  return (await askRaw(`GET /_local/events HTTP/1.1\r\n${lines}\r\nConnection: close\r\n\r\n`)).slice(9, 12);
};

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
    ['another origin', 'Host: 127.0.0.1:{port}\r\nOrigin: https://evil.example'],
    ['an opaque origin', 'Host: 127.0.0.1:{port}\r\nOrigin: null'],
    ['another port of this machine', 'Host: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:3001'],
    ['a page marked cross-site', 'Host: localhost:{port}\r\nSec-Fetch-Site: cross-site'],
    ['another name of this machine (DNS rebinding)', 'Host: evil.example:{port}'],
    ['a host name that begins with localhost', 'Host: localhost.evil.example:{port}'],
    ['a page under another port', 'Host: localhost:1'],
    ['a page under the default port', 'Host: localhost'],
  ];
  it.each(fromElsewhere)('refuse a request from %s', async (_, headers) => {
    expect(await statusWith(headers)).toBe('403');
  });

  it.each([
    'Host: localhost:{port}\r\nOrigin: http://localhost:{port}',
    'Host: [::1]:{port}',
    'Host: 127.0.0.1:{port}\r\nSec-Fetch-Site: none',
  ])('answer a request with %j', async (headers) => {
    expect(await statusWith(headers)).toBe('200');
  });
});
