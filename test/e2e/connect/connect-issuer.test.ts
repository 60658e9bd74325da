// A provider whose entry names only its issuer and a key, against a real authorization server (oidc-provider), which checks each
// assertion and takes none twice: connecting, refreshing, revoking, and all that while the issuer's metadata cannot be read.
import { createPublicKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Keyhold } from '../../support/http/local-server.ts';
import { expectProblem } from '../../support/http/problems.ts';
import { CLIENT_ID, startAuthorizationServer } from '../../support/providers/authorization-server.ts';
import { type Connector, makeConnector, receiptFor, startConnecting } from '../../support/providers/connect-flow.ts';
import { tokenIn, WITHOUT_SWEEP } from '../../support/providers/refresh-flow.ts';
import { makeKey, toPem } from '../../support/providers/signing-keys.ts';

const { privateKey, publicKey } = makeKey.ES256();
const TOKEN = '/token';
const REVOCATION = '/token/revocation';

let keyhold: Keyhold;
let server: Awaited<ReturnType<typeof startAuthorizationServer>>;

const configure = (given: object = {}): void => {
  const entry = {
    issuer: server.issuer,
    clientId: CLIENT_ID,
    privateKey: toPem(privateKey),
    keyId: 'k1',
    defaultScopes: ['openid', 'offline_access', 'read'],
    // Without it no offline_access is granted (OpenID Connect Core §11).
    extraAuthorizationParams: { prompt: 'consent' },
    ...given,
  };
  writeFileSync(join(keyhold.home, 'secrets', 'oauth-clients.json'), JSON.stringify({ own: entry }));
};

beforeAll(async () => {
  keyhold = await startConnecting({}, { ...WITHOUT_SWEEP, SECRETS_MAX_AGE_SECONDS: '0' });
  server = await startAuthorizationServer({
    client_secret: undefined,
    redirect_uris: [`${keyhold.url}/v1/oauth/callback`],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: {
      keys: [
        {
          ...(await exportJWK(createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })))),
          kid: 'k1',
          alg: 'ES256',
          use: 'sig',
        },
      ],
    },
  });
});
beforeEach(() => {
  configure();
  server.settings.hasMetadata = true;
  server.forms.length = 0;
});
afterAll(async () => {
  await keyhold.stop();
  server.close();
});

let users = 0;

const connected = async (): Promise<Connector & { id: string }> => {
  const user = makeConnector(keyhold, 'user', `issuer-${++users}`);
  const { state, url } = await user.begin({ provider: 'own' });
  const { searchParams } = await server.approveCallback(url.href);
  const reply = await user.complete({ state, receipt: await receiptFor(keyhold, [...searchParams]) });
  expect([reply.status, reply.status === 201 ? '' : reply.text]).toEqual([201, '']);
  return { ...user, id: reply.json.id };
};

/** Reports the token as refused, so that it is refreshed. */
const refresh = async (user: Connector) => {
  const { json } = await user.resolve({ provider: 'own' });
  return user.resolve({ provider: 'own', refusedTokenRef: json.tokenRef });
};

const sentTo = (path: string) => server.forms.filter((form) => form.path === path);

describe('a provider that is an issuer and a key', () => {
  it('is connected, refreshed and revoked, each time by a new assertion that the server accepts', async () => {
    const user = await connected();
    const before = tokenIn(await user.resolve({ provider: 'own' }));
    const refreshed = await refresh(user);
    expect(refreshed.status).toBe(200);
    expect(tokenIn(refreshed)).not.toBe(before);
    expect((await user.remove(user.id)).json).toMatchObject({ revoked: true });
    const grants = sentTo(TOKEN).map(({ form, status }) => [form.grant_type, status]);
    expect(grants).toEqual([
      ['authorization_code', 200],
      ['refresh_token', 200],
    ]);
    expect(sentTo(REVOCATION).length).toBeGreaterThanOrEqual(1);
    expect(new Set(sentTo(REVOCATION).map(({ status }) => status))).toEqual(new Set([200]));
    const ids = new Set<unknown>();
    for (const { form } of [...sentTo(TOKEN), ...sentTo(REVOCATION)]) {
      expect(form.client_secret).toBeUndefined();
      const { payload } = await jwtVerify(form.client_assertion ?? '', publicKey, { audience: server.issuer });
      expect(payload).toMatchObject({ iss: CLIENT_ID, sub: CLIENT_ID, aud: server.issuer });
      expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60);
      ids.add(payload.jti);
    }
    expect(ids.size).toBe(2 + sentTo(REVOCATION).length);
  });

  it('refreshes and revokes grants while its metadata cannot be read', async () => {
    const user = await connected();
    server.settings.hasMetadata = false;
    const reads = server.requests.length;
    expect((await refresh(user)).status).toBe(200);
    expect((await refresh(user)).status).toBe(200);
    expect((await user.remove(user.id)).json).toMatchObject({ revoked: true });
    expect(server.requests.slice(reads).filter((line) => line.includes('/.well-known/'))).toEqual([]);
  });

  it('refreshes nothing, and marks nobody, by a key that is not the client’s', async () => {
    const user = await connected();
    configure({ privateKey: toPem(makeKey.ES256().privateKey) });
    expectProblem(await refresh(user), 'refresh_unavailable');
    expect((await user.own())[0]).toMatchObject({ status: 'active' });
    configure();
    await expect.poll(async () => (await refresh(user)).status, { timeout: 60_000 }).toBe(200);
  });
});
