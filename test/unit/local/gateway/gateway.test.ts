// The gateway over a real connection: its refusals, its limits, and bytes that are not HTTP.
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { refused, startEchoServer } from '../echo-server.ts';

const MEGABYTE = 1024 * 1024;

const { request, ask, askRaw, port } = startEchoServer();

describe('the gateway', () => {
  it('passes on the answer of the function and adds the request id', async () => {
    const response = await request('/v1/health');
    expect(response.status).toBe(200);
    expect(response.headers.get('apigw-requestid')).toMatch(/./);
  });

  const refusals: [string, string, RequestInit, unknown[]][] = [
    ['an unknown path', '/v1/none', {}, refused(404, 'Not Found')],
    ['an unknown method', '/v1/health', { method: 'DELETE' }, refused(404, 'Not Found')],
    ['a malformed percent escape', '/v1/%zz', {}, refused(400, 'Bad Request')],
    ['no token', '/v1/me', {}, refused(401, 'Unauthorized')],
    ['a bad token', '/v1/me', { headers: { authorization: 'Bearer bad' } }, refused(401, 'Unauthorized')],
    [
      'a token on the runtime plane',
      '/v1/users/a',
      { method: 'POST', headers: { authorization: 'Bearer good' } },
      refused(403, 'Forbidden'),
    ],
    ['no signature', '/v1/users/a', { method: 'POST' }, refused(403, 'Forbidden')],
    [
      'headers over 10,240 bytes',
      '/v1/health',
      { headers: { x: 'a'.repeat(10_300) } },
      refused(431, 'Request Header Fields Too Large'),
    ],
    [
      'headers over the parser limit',
      '/v1/health',
      { headers: { x: 'a'.repeat(40_000) } },
      refused(431, 'Request Header Fields Too Large'),
    ],
    ['a function that throws', '/v1/broken', {}, refused(500, 'Internal Server Error')],
  ];
  it.each(refusals)('refuses %s', async (_, path, init, expected) => {
    const said = vi.spyOn(console, 'error').mockReturnValue();
    onTestFinished(() => said.mockRestore());
    expect(await ask(path, init)).toEqual(expected);
  });

  it('names the Bearer scheme in a 401', async () => {
    expect((await request('/v1/me')).headers.get('www-authenticate')).toBe('Bearer');
  });

  it('answers 404 to HEAD on a GET route', async () => {
    expect((await ask('/v1/health', { method: 'HEAD' }))[0]).toBe(404);
  });

  const post = (body: string | ReadableStream, type = 'text/plain'): RequestInit => ({
    ...{ method: 'POST', body, headers: { 'content-type': type }, duplex: 'half' },
  });
  it('accepts a body that fits into the event', async () => {
    expect(await ask('/v1/echo', post('a'.repeat(5.5 * MEGABYTE)))).toEqual([200, String(5.5 * MEGABYTE)]);
  });

  const tooLarge: [string, () => RequestInit][] = [
    ['over 6 MB', () => post('a'.repeat(6 * MEGABYTE + 1))],
    ['over 6 MB in chunks of no announced length', () => post(new Blob(['a'.repeat(7 * MEGABYTE)]).stream())],
    ['over 6 MB as base64', () => post('a'.repeat(5 * MEGABYTE), 'application/octet-stream')],
    ['over 6 MB when escaped', () => post('\0'.repeat(1.1 * MEGABYTE))],
  ];
  it.each(tooLarge)('refuses a body %s', async (_, init) => {
    expect(await ask('/v1/echo', init())).toEqual(refused(413, 'Request Entity Too Large'));
  });

  it.each(['NONSENSE\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n', 'GET /v1/health HTTP/1.1\r\nHost: x\r\nA\0: b\r\n\r\n'])(
    'answers 400 to %j and goes on',
    async (bytes) => {
      expect(await askRaw(bytes)).toMatch(/^HTTP\/1\.1 400 /);
      expect((await ask('/v1/health'))[0]).toBe(200);
    },
  );

  it('refuses a request target that is a whole URL', async () => {
    const answer = await askRaw(
      `GET http://x/v1/health HTTP/1.1\r\nHost: localhost:${port()}\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });
});
