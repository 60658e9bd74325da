// The OAuth adapter against a real authorization server: its requests follow the standards, and it reads
// the replies.

import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { openidClientProtocol } from '../../../lib/adapters/oauth/openid-client-protocol.ts';
import { openidClientStarts } from '../../../lib/adapters/oauth/openid-client-starts.ts';
import { systemClock } from '../../../lib/adapters/runtime/system-clock.ts';
import { NOTHING_KEPT } from '../../../lib/domain/oauth/kept/kept-values.ts';
import { codeChallenge } from '../../../lib/domain/oauth/pkce.ts';
import type { OAuthClient } from '../../../lib/domain/ports/oauth-protocol.ts';
import { Secret } from '../../../lib/domain/values/secret.ts';
import { REDIRECT_URI, startAuthorizationServer } from '../../support/providers/authorization-server.ts';

const server = await startAuthorizationServer();
afterAll(() => server.close());

const protocol = openidClientProtocol({ policy: 'local', clock: systemClock });
const starts = openidClientStarts({ policy: 'local', clock: systemClock });
const client: OAuthClient = server.client;
const VERIFIER = 'v'.repeat(128);
const SCOPES = ['openid', 'offline_access', 'read'];

const approvedCode = (scopes: readonly string[] = SCOPES): Promise<string> =>
  server.approveUrl(
    starts.authorizationUrl(client, {
      state: 'state-1',
      redirectUri: REDIRECT_URI,
      scopes,
      codeChallenge: codeChallenge(VERIFIER),
    }),
  );

const exchange = async (given: { code?: string; codeVerifier?: string | null; redirectUri?: string } = {}) =>
  protocol.exchangeCode(client, {
    code: given.code ?? (await approvedCode()),
    codeVerifier: VERIFIER,
    redirectUri: REDIRECT_URI,
    ...given,
  });

const granted = async () => {
  const grant = await exchange();
  return { ...grant, refreshToken: grant.refreshToken ?? '' };
};

let sent: number;
const requestsSince = () => server.requests.slice(sent);
beforeEach(() => {
  sent = server.requests.length;
});

describe('a code', () => {
  it('is exchanged for a grant, in one request', async () => {
    const code = await approvedCode();
    sent = server.requests.length;
    expect(await exchange({ code })).toEqual({
      accessToken: expect.stringMatching(/^.{20,}$/),
      refreshToken: expect.stringMatching(/^.{20,}$/),
      expiresInSeconds: 600,
      refreshTokenExpiresInSeconds: null,
      scopes: SCOPES,
      account: null,
      kept: NOTHING_KEPT,
    });
    expect(requestsSince()).toEqual(['POST /token']);
  });

  it.each<[string, { codeVerifier?: string | null; redirectUri?: string }]>([
    ['another verifier', { codeVerifier: 'w'.repeat(128) }],
    ['another redirect URI', { redirectUri: 'http://127.0.0.1:1/other' }],
  ])('is refused with %s', async (_what, given) => {
    await expect(exchange(given)).rejects.toMatchObject({ kind: 'dead_grant', providerCode: 'invalid_grant' });
  });

  it('is refused without its verifier', async () => {
    await expect(exchange({ codeVerifier: null })).rejects.toMatchObject({
      kind: expect.stringMatching(/dead|rejected/),
    });
  });

  it('can be exchanged once', async () => {
    const code = await approvedCode();
    await exchange({ code });
    await expect(exchange({ code })).rejects.toMatchObject({ kind: 'dead_grant' });
  });

  it('is not exchanged for a client that can’t prove itself', async () => {
    const stranger = { ...client, clientSecret: new Secret('another') };
    const code = await approvedCode();
    const request = { code, codeVerifier: VERIFIER, redirectUri: REDIRECT_URI };
    await expect(protocol.exchangeCode(stranger, request)).rejects.toMatchObject({
      kind: 'client_fault',
      providerCode: 'invalid_client',
    });
  });

  it.each(['client_secret_basic', 'client_secret_post'] as const)('is exchanged with %s', async (clientAuth) => {
    const code = await approvedCode();
    const asked = { ...client, profile: { ...client.profile, clientAuth } };
    const grant = await protocol.exchangeCode(asked, { code, codeVerifier: VERIFIER, redirectUri: REDIRECT_URI });
    expect(grant.accessToken).not.toBe('');
  });
});

describe('a refresh token', () => {
  it('is exchanged for a new grant and a new refresh token, in one request', async () => {
    const { refreshToken, accessToken } = await granted();
    sent = server.requests.length;
    const grant = await protocol.refresh(client, refreshToken, []);
    expect(grant).toMatchObject({ expiresInSeconds: 600, scopes: SCOPES });
    expect([refreshToken, null]).not.toContain(grant.refreshToken);
    expect(grant.accessToken).not.toBe(accessToken);
    expect(requestsSince()).toEqual(['POST /token']);
  });

  it('can be exchanged for fewer scopes', async () => {
    const { refreshToken } = await granted();
    expect((await protocol.refresh(client, refreshToken, ['openid', 'read'])).scopes).toEqual(['openid', 'read']);
  });

  it('is refused with dead_grant after reuse, and its successors too', async () => {
    const { refreshToken } = await granted();
    const next = await protocol.refresh(client, refreshToken, []);
    const dead = { kind: 'dead_grant', providerCode: 'invalid_grant' };
    await expect(protocol.refresh(client, refreshToken, [])).rejects.toMatchObject(dead);
    await expect(protocol.refresh(client, next.refreshToken ?? '', [])).rejects.toMatchObject(dead);
  });

  it.each(['access_token', 'refresh_token'] as const)(
    'is refused with dead_grant once the %s is revoked',
    async (kind) => {
      const { refreshToken, accessToken } = await granted();
      expect(await protocol.revoke(client, kind === 'access_token' ? accessToken : refreshToken, kind)).toBe('revoked');
      expect((await protocol.identify(client, accessToken, {})).account).toBeNull();
      const refreshed = await protocol.refresh(client, refreshToken, []).catch((error) => error.kind);
      expect(refreshed).toBe('dead_grant');
    },
  );
});

describe('an access token', () => {
  it('identifies its user', async () => {
    expect((await protocol.identify(client, (await granted()).accessToken, {})).account).toEqual({
      id: 'ann',
      name: 'ann',
    });
  });

  it('that is invalid identifies no user', async () => {
    expect((await protocol.identify(client, 'none', {})).account).toBeNull();
  });
});

describe('a device', () => {
  const start = () => starts.startDevice(client, SCOPES);

  it('is given codes, in one request', async () => {
    expect(await start()).toMatchObject({
      userCode: expect.stringMatching(/^[A-Z]{4}-[A-Z]{4}$/),
      verificationUri: `${server.issuer}/device`,
      verificationUriComplete: expect.stringContaining('user_code='),
      expiresInSeconds: expect.closeTo(300, -1),
    });
    expect(requestsSince()).toEqual(['POST /device/auth']);
  });

  it('polls pending until the user agrees, then gets a grant once', async () => {
    const { deviceCode, userCode } = await start();
    expect(await protocol.pollDevice(client, deviceCode)).toEqual({ kind: 'pending' });
    await server.approveUserCode(userCode);
    sent = server.requests.length;
    expect(await protocol.pollDevice(client, deviceCode)).toMatchObject({
      kind: 'approved',
      grant: { refreshToken: expect.any(String), scopes: SCOPES },
    });
    expect(requestsSince()).toEqual(['POST /token']);
    expect(await protocol.pollDevice(client, deviceCode)).toEqual({ kind: 'expired' });
  });

  it('is denied when the user denies', async () => {
    const { deviceCode, userCode } = await start();
    await server.denyUserCode(userCode);
    expect(await protocol.pollDevice(client, deviceCode)).toEqual({ kind: 'denied' });
  });

  it('with an unknown code is expired', async () => {
    expect(await protocol.pollDevice(client, 'no-such-code')).toEqual({ kind: 'expired' });
  });
});
