// The token endpoint has a longer time limit than other endpoints: it may have used a token before it answers.
import { afterAll, describe, expect, it } from 'vitest';
import { openidClientProtocol } from '../../../lib/adapters/oauth/openid-client-protocol.ts';
import { openidClientStarts } from '../../../lib/adapters/oauth/openid-client-starts.ts';
import { providerProfile } from '../../../lib/domain/oauth/provider-profile.ts';
import type { OAuthClient } from '../../../lib/domain/ports/oauth-protocol.ts';
import { startProviderStub } from '../../support/providers/provider-stub.ts';

const stub = await startProviderStub();
afterAll(() => stub.close());

const SHORT = 60;
const LONG = 600;
/** A time limit that no test waits for, even on a loaded machine. */
const HANG = 60_000;
const clock = { now: () => Date.UTC(2030, 0, 1), elapsed: () => 0 };
const makeProtocol = (exchangeMilliseconds: number) =>
  openidClientProtocol({ policy: 'local', clock, timeoutMilliseconds: SHORT, exchangeMilliseconds });
const protocol = makeProtocol(LONG);
const patient = makeProtocol(HANG);
const starts = openidClientStarts({ policy: 'local', clock, timeoutMilliseconds: SHORT });

const client: OAuthClient = {
  provider: 'stub',
  clientId: 'client-1',
  clientSecret: null,
  profile: providerProfile('stub', {
    authorizationEndpoint: `${stub.url}/authorize`,
    tokenEndpoint: `${stub.url}/token`,
    deviceAuthorizationEndpoint: `${stub.url}/device`,
    revocationEndpoint: `${stub.url}/revoke`,
    identityEndpoint: `${stub.url}/me`,
    identityIdPath: 'id',
  }),
};

const measureMilliseconds = async (call: Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await call.catch(() => {});
  return performance.now() - startedAt;
};

const EXCHANGE = { code: 'code', redirectUri: 'https://app.example.com/cb', codeVerifier: null };

describe('a provider that never answers', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['a code', () => protocol.exchangeCode(client, EXCHANGE)],
    ['a refresh', () => protocol.refresh(client, 'refresh-1', [])],
    ['a poll of a device', () => protocol.pollDevice(client, 'device-1')],
  ])('is given the time of an exchange for %s', async (_name, call) => {
    stub.plan({ fault: 'silent' });
    expect(await measureMilliseconds(call())).toBeGreaterThan(LONG - 20);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['an identity', () => patient.identify(client, 'access-1', {})],
    ['a revocation', () => patient.revoke(client, 'refresh-1', 'refresh_token')],
    ['the start of a device flow', () => starts.startDevice(client, [])],
  ])('is given the time of any call for %s', async (_name, call) => {
    stub.plan({ fault: 'silent' });
    expect(await measureMilliseconds(call())).toBeLessThan(HANG / 2);
  });
});

describe('identifying the account of a token', () => {
  it('has the time that the exchange has left over', async () => {
    const options = { policy: 'local', clock, timeoutMilliseconds: HANG, shareOfCall: () => SHORT } as const;
    stub.plan({ fault: 'silent' });
    const asked = openidClientProtocol(options).identify(client, 'access-1', {});
    expect(await measureMilliseconds(asked)).toBeLessThan(HANG / 2);
  });
});

describe('an exchange without an answer', () => {
  const refreshFault = (at: OAuthClient) => protocol.refresh(at, 'refresh-1', []).catch((fault) => fault);

  it.each([
    [{ fault: 'silent' }, 'timed_out'],
    [{ fault: 'slow' }, 'timed_out'],
    [{ fault: 'reset' }, 'cut'],
    [{ fault: 'reset halfway' }, 'cut'],
    [{ headers: { 'content-encoding': 'gzip' }, body: 'x' }, 'cut'],
    [{ body: 'not a grant' }, 'cut'],
    [{ status: 503 }, null],
    [{ status: 429 }, null],
  ] as const)('after %j has the lostAnswer %s', async (reply, lostAnswer) => {
    stub.plan(reply);
    expect(await refreshFault(client)).toMatchObject({ kind: 'transient', lostAnswer });
  });

  it('has no lostAnswer when nothing could be sent', async () => {
    const gone = await startProviderStub();
    gone.close();
    const profile = { ...client.profile, tokenEndpoint: gone.url, refreshEndpoint: gone.url };
    expect(await refreshFault({ ...client, profile })).toMatchObject({ kind: 'transient', lostAnswer: null });
  });
});
