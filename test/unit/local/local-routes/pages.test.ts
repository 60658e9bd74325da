// The pages of the local server: what they show, that they load nothing from elsewhere, and who may look at a credential.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { renderDocument } from '../../../../local/local-routes/api-reference.ts';
import { readSettings } from '../../../../local/settings.ts';
import { describeSettings } from '../../../../local/settings-in-force.ts';
import { ALLOWED_ORIGIN, refused, startEchoServer } from '../echo-server.ts';

const { request, ask, askRaw } = startEchoServer();

describe('the pages', () => {
  it.each(['/', '/_local/demo', '/_local/api'])(
    '%s loads nothing from elsewhere, has an icon and a dark look',
    async (path) => {
      const response = await request(path);
      const html = await response.text();
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; /);
      expect(response.headers.get('content-security-policy')).not.toMatch(/unsafe|https?:|\*/);
      expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
      expect(html).toContain('<link rel="icon" href="data:image/svg+xml;base64,');
      expect(html).toContain('prefers-color-scheme:dark');
    },
  );

  it('show the settings with markup escaped, and the redirect URI to register', async () => {
    const [, html] = await ask('/');
    expect(html).toContain('&#60;b&#62;');
    expect(html).not.toContain('<b>');
    expect(html).toMatch(/<pre>http:\/\/127\.0\.0\.1:\d+\/v1\/oauth\/callback<\/pre>/);
  });

  it('answer GET / only, and under no other host name', async () => {
    expect(await ask('/', { method: 'POST' })).toEqual(refused(404, 'Not Found'));
    expect(await ask('/index.html')).toEqual(refused(404, 'Not Found'));
    const answer = await askRaw('GET / HTTP/1.1\r\nHost: keyhold.example\r\nConnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  });

  it('serve openapi.json as it is in the repository', async () => {
    expect(await ask('/_local/openapi.json')).toEqual([200, readFileSync('openapi.json', 'utf8')]);
  });
});

describe('the API reference', () => {
  const document = JSON.parse(readFileSync('openapi.json', 'utf8'));
  const html = renderDocument(document);

  it('renders inline code and emphasis of descriptions, and escapes everything else', () => {
    const described = { ...document, info: { ...document.info, description: 'The *user plane* `/v1/me` <b>' } };
    expect(renderDocument(described)).toContain('<p>The <em>user plane</em> <code>/v1/me</code> &#60;b&#62;</p>');
  });

  it('shows every operation and every named schema', () => {
    for (const [path, item] of Object.entries<object>(document.paths)) {
      for (const method of Object.keys(item)) expect(html).toContain(`<code>${method.toUpperCase()} ${path}</code>`);
    }
    for (const name of Object.keys(document.components.schemas)) expect(html).toContain(`id="schema-${name}"`);
  });

  it('links only to schemas that it shows', () => {
    const links = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.length).toBeGreaterThan(0);
    for (const id of links) expect(html).toContain(`id="${id}"`);
  });

  it('escapes what the document says', () => {
    const info = { version: '<script>', description: '"&' };
    expect(renderDocument({ info, paths: {} })).toMatch(/&#34;&#38;.*&#60;script&#62;/s);
  });
});

describe('the look at a credential', () => {
  const look = (body: object, headers = {}) =>
    ask('/_local/resolve', { method: 'POST', headers, body: JSON.stringify(body) });

  it('gives a fingerprint of the token and never the token', async () => {
    const [status, text] = await look({ sub: 'alice', credentialId: 'known' });
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({
      fingerprint: expect.stringMatching(/^[0-9a-f]{12}$/),
      expiresAt: null,
      stale: false,
    });
    const [, ofAnother] = await look({ sub: 'bob', credentialId: 'known' });
    expect(JSON.parse(ofAnother).fingerprint).not.toBe(JSON.parse(text).fingerprint);
  });

  it('passes on the refusal of resolve', async () => {
    expect(await look({ sub: 'alice', credentialId: 'other' })).toEqual([404, '{"code":"not_found"}']);
  });

  it.each([{}, { sub: '', credentialId: 'a' }, { sub: 'a' }, { sub: 'a', credentialId: 'b', x: 1 }])(
    'refuses %j',
    async (body) => {
      expect((await look(body))[0]).toBe(400);
    },
  );

  it('is refused to every other origin, an allowed one included', async () => {
    const body = { sub: 'alice', credentialId: 'known' };
    expect(await look(body, { origin: ALLOWED_ORIGIN })).toEqual(refused(403, 'Forbidden'));
  });
});

describe('describeSettings', () => {
  it('lists every setting with its default, and no user name or password of an address', () => {
    const env = { TABLE_NAME: 't', AWS_ENDPOINT_URL_DYNAMODB: 'http://name:password@127.0.0.1:8000', PORT: '0' };
    const described = describeSettings(readSettings(env), env);
    expect(described).toMatchObject({
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8000',
      AWS_ENDPOINT_URL_KMS: '',
      MAX_CREDENTIALS_PER_USER: '1000',
      REFRESH_LEASE_SECONDS: 'computed',
      PORT: '0',
    });
    expect(JSON.stringify(described)).not.toMatch(/password/);
  });
});
