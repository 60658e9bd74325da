// Cross-origin calls, as the deployed HTTP API allows them: over a real connection, at the API and at the token route.
import { describe, expect, it } from 'vitest';
import { makeCors } from '../../../../local/http/cors.ts';
import { ALLOWED_ORIGIN, startEchoServer } from '../echo-server.ts';

const { request } = startEchoServer();

const preflight = async (path: string, origin: string, method = 'POST') => {
  const headers = { origin, 'access-control-request-method': method };
  const { status, headers: answered } = await request(path, { method: 'OPTIONS', headers });
  return [status, answered.get('access-control-allow-origin')];
};

const postFrom = async (path: string, origin: string) => {
  const response = await request(path, { method: 'POST', headers: { origin }, body: '{"sub":"alice"}' });
  return [response.status, response.headers.get('access-control-allow-origin')];
};

describe('cross-origin calls', () => {
  it('get their preflight answered for an allowed origin, with methods, headers and a lifetime', async () => {
    const headers = { origin: ALLOWED_ORIGIN, 'access-control-request-method': 'POST' };
    const response = await request('/v1/me', { method: 'OPTIONS', headers });
    expect([response.status, await response.text()]).toEqual([204, '']);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': ALLOWED_ORIGIN,
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'authorization,content-type,if-match',
      'access-control-max-age': '3600',
      vary: 'origin',
    });
  });

  it('get a preflight answered for an allowed origin on the user plane only', async () => {
    expect(await preflight('/v1/me', ALLOWED_ORIGIN)).toEqual([204, ALLOWED_ORIGIN]);
    expect(await preflight('/v1/me', 'https://evil.example')).toEqual([403, null]);
    for (const path of ['/v1/health', '/v1/none', '/v1/users/a']) {
      expect(await preflight(path, ALLOWED_ORIGIN)).toEqual([403, null]);
    }
  });

  it('can be read by an allowed origin, refusals and the ETag included', async () => {
    const response = await request('/v1/me', { headers: { origin: ALLOWED_ORIGIN, authorization: 'Bearer good' } });
    expect(response.headers.get('access-control-allow-origin')).toBe(ALLOWED_ORIGIN);
    expect(response.headers.get('access-control-expose-headers')).toBe('etag,location,retry-after');
    const refused = await request('/v1/me', { headers: { origin: ALLOWED_ORIGIN } });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, ALLOWED_ORIGIN]);
  });

  it.each(['https://evil.example', `${ALLOWED_ORIGIN}.evil.example`, 'http://app.example.com', 'null'])(
    'cannot be read by %s',
    async (origin) => {
      expect(await postFrom('/v1/echo', origin)).toEqual([403, null]);
      expect(await postFrom('/_local/token', origin)).toEqual([403, null]);
      expect(await preflight('/_local/token', origin)).toEqual([403, null]);
    },
  );

  it('from an allowed origin can fetch a token, and use no other local route', async () => {
    expect(await preflight('/_local/token', ALLOWED_ORIGIN)).toEqual([204, ALLOWED_ORIGIN]);
    expect(await postFrom('/_local/token', ALLOWED_ORIGIN)).toEqual([200, ALLOWED_ORIGIN]);
    expect(await postFrom('/_local/resolve', ALLOWED_ORIGIN)).toEqual([403, null]);
    expect(await preflight('/_local/events', ALLOWED_ORIGIN, 'GET')).toEqual([403, null]);
  });

  it('get no preflight answer when no origin is allowed', () => {
    const request = { method: 'OPTIONS', headers: { origin: ALLOWED_ORIGIN } } as never;
    expect(makeCors([], ['GET']).answerPreflight(request)).toBeUndefined();
  });
});
