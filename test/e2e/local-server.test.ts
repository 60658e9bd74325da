// What the local server adds to the API, over HTTP: CORS for allowed origins, the pages, and the route that shows a credential by its fingerprint.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Keyhold } from '../support/http/local-server.ts';
import { connectDemo, makeConnector, refusal, startConnecting } from '../support/providers/connect-flow.ts';

const ORIGIN = 'http://localhost:5173';

let keyhold: Keyhold;
beforeAll(async () => {
  keyhold = await startConnecting(
    {},
    { ALLOWED_ORIGINS: `${ORIGIN}, https://app.example.com`, ALLOWED_RETURN_URLS: `${ORIGIN}/done` },
  );
});
afterAll(() => keyhold.stop());

describe('a front end on an allowed origin', () => {
  const preflight = { origin: ORIGIN, 'access-control-request-method': 'POST' };

  it('gets its preflight answered, a token, and the answers of the user plane', async () => {
    const { status, headers } = await keyhold.anonymous.call('OPTIONS', '/v1/me/credentials', undefined, preflight);
    expect([status, headers['access-control-allow-origin']]).toEqual([204, ORIGIN]);
    expect(headers['access-control-allow-methods']?.split(',').toSorted()).toEqual([
      ...['DELETE', 'GET', 'PATCH', 'POST', 'PUT'],
    ]);
    const token = await keyhold.anonymous.call('POST', '/_local/token', { sub: 'alice' }, { origin: ORIGIN });
    expect(token.headers['access-control-allow-origin']).toBe(ORIGIN);
    const authorization = `Bearer ${token.json.accessToken}`;
    const listed = await keyhold.anonymous.call('GET', '/v1/me/credentials', undefined, {
      origin: ORIGIN,
      authorization,
    });
    expect([listed.status, listed.headers['access-control-allow-origin']]).toEqual([200, ORIGIN]);
    expect(listed.headers['access-control-expose-headers']).toContain('etag');
  });

  it('may be returned to by a connection only where a return URL is allowed', async () => {
    const start = (returnUrl: string) => makeConnector(keyhold, 'user', 'alice').start({ provider: 'demo', returnUrl });
    expect((await start(`${ORIGIN}/done`)).status).toBe(201);
    for (const url of [`${ORIGIN}/`, `${ORIGIN}/other`, 'https://app.example.com/done'])
      expect(refusal(await start(url))).toEqual([400, 'url_not_allowed']);
  });
});

it('lets a page of any other origin read nothing', async () => {
  const evil = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
  const preflight = await keyhold.anonymous.call('OPTIONS', '/v1/me/credentials', undefined, evil);
  expect([preflight.status, preflight.headers['access-control-allow-origin']]).toEqual([403, undefined]);
  const token = await keyhold.anonymous.call('POST', '/_local/token', { sub: 'alice' }, { origin: evil.origin });
  expect([token.status, token.headers['access-control-allow-origin']]).toEqual([403, undefined]);
});

it.each(['/', '/_local/demo', '/_local/api'])('shows the page %s without the secret of any client', async (path) => {
  const { status, headers, text } = await keyhold.anonymous.call('GET', path);
  expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(text).not.toContain('keyhold-demo-secret');
});

it('shows a connected credential by its fingerprint, also for a user id that is not plain', async () => {
  const user = makeConnector(keyhold, 'user', 'zoë');
  const { json } = await connectDemo(keyhold, user, { as: 'ada' });
  const look = await keyhold.anonymous.call('POST', '/_local/resolve', { sub: 'zoë', credentialId: json.id });
  expect(look.json).toEqual({
    fingerprint: expect.stringMatching(/^[0-9a-f]{12}$/),
    expiresAt: expect.any(String),
    stale: expect.any(Boolean),
  });
});
