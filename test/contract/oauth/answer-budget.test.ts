// All requests to providers that one answer needs share its time limit: two slow ones still end in a correct answer, and nothing is
// stored after it. Times are scaled down; the share is computed as in production.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { openidClientProtocol } from '../../../lib/adapters/oauth/openid-client-protocol.ts';
import { callDeadline, endOfCall, leftOfCall } from '../../../lib/adapters/runtime/call-deadline.ts';
import { systemClock } from '../../../lib/adapters/runtime/system-clock.ts';
import { NOTHING_KEPT } from '../../../lib/domain/oauth/kept/kept-values.ts';
import { providerMilliseconds, STORE_MILLISECONDS } from '../../../lib/domain/refresh/budget.ts';
import { deleteCredential } from '../../../lib/operations/credential/delete-credential.ts';
import { saveToken } from '../../../lib/steps/connect/save-token.ts';
import { revokeTokens } from '../../../lib/steps/disconnect/revoke-credential.ts';
import { ALICE } from '../../support/builders.ts';
import { memoryDeps } from '../../support/memory/memory-deps.ts';
import { knownProvider, memoryProviders } from '../../support/memory/memory-oauth.ts';
import { startProviderStub } from '../../support/providers/provider-stub.ts';
import { storeGrant } from '../../support/providers/refreshing.ts';

const ANSWER = 2_000;
/** The time of an exchange. It is sent only when all of it is left. */
const EXCHANGE = 600;
/** Kept back for the write. Half of the answer's time, so that a loaded machine still ends in time. */
const KEPT = 1_000;
/** The time of other calls. More than the answer has, so that only its share ends a call that is never answered. */
const WANTED = 30_000;
const stub = await startProviderStub();
afterAll(() => stub.close());

const provider = knownProvider({
  tokenEndpoint: `${stub.url}/token`,
  revocationEndpoint: `${stub.url}/revoke`,
  identityEndpoint: `${stub.url}/me`,
  identityIdPath: 'id',
});
const oauth = openidClientProtocol({
  policy: 'local',
  clock: systemClock,
  timeoutMilliseconds: WANTED,
  exchangeMilliseconds: EXCHANGE,
  endOfCall,
  // As in production, with KEPT in place of the time kept back for the write there.
  shareOfCall: (wanted) => providerMilliseconds(wanted, (leftOfCall() ?? 0) + STORE_MILLISECONDS - KEPT),
});

const world = () => {
  const memory = memoryDeps({ providers: memoryProviders(provider) });
  return { memory, deps: { ...memory, oauth } };
};
const client = { ...provider, clientId: 'client-1', clientSecret: null };
const EXCHANGED = { code: 'code', redirectUri: 'https://app.example/cb', codeVerifier: null };
const REQUEST = { scopes: [], credentialId: null, metadata: null, variables: {} };

/** The work within one answer, and how long it took. */
const within = async <T>(work: () => Promise<T>): Promise<{ result: T; took: number }> => {
  const startedAt = performance.now();
  const result = await callDeadline.during({ signal: AbortSignal.timeout(ANSWER), milliseconds: ANSWER }, work);
  return { result, took: performance.now() - startedAt };
};

/** Uses up the time that an exchange took. */
const afterExchange = () => sleep(EXCHANGE);

describe('an answer with two requests to a slow provider', () => {
  it('stores the grant of a slow exchange in time when the identity endpoint never answers', async () => {
    const { deps } = world();
    stub.plan({ fault: 'silent' });
    const grant = { accessToken: 'a', refreshToken: 'r', expiresInSeconds: 3600 } as const;
    const { took } = await within(async () => {
      await afterExchange();
      const full = { ...grant, refreshTokenExpiresInSeconds: null, scopes: null, account: null, kept: NOTHING_KEPT };
      return saveToken(deps, { userId: ALICE, erasures: 0, client, grant: full, kept: NOTHING_KEPT, request: REQUEST });
    });
    expect(took).toBeLessThan(ANSWER);
    expect((await deps.users.readUser(ALICE)).rows).toHaveLength(1);
  });

  it('sends no request when only the time to store is left', async () => {
    stub.plan({ status: 200 });
    const { result } = await within(async () => {
      await sleep(ANSWER - KEPT + 50);
      return Promise.all([
        oauth.exchangeCode(client, EXCHANGED).catch((fault) => fault),
        oauth.identify(client, 'a', {}),
        revokeTokens({ oauth }, client, { accessToken: 'a', refreshToken: 'r' }),
      ]);
    });
    expect(result).toMatchObject([{ kind: 'transient', lostAnswer: null }, { account: null }, { revoked: false }]);
    expect(stub.requests).toEqual([]);
  });

  it('deletes a credential in time when the revocation endpoint never answers', async () => {
    const { memory, deps } = world();
    await storeGrant(memory, { accessToken: 'a', refreshToken: 'r' });
    stub.plan({ fault: 'silent' });
    const { result, took } = await within(async () => {
      await afterExchange();
      return deleteCredential(deps, { userId: ALICE, id: 'g' });
    });
    expect(result).toMatchObject({ deleted: true, revoked: false });
    expect(took).toBeLessThan(ANSWER);
    expect((await deps.users.readUser(ALICE)).rows).toEqual([]);
  });

  it('stops an exchange that is never answered, and stores nothing after its own answer', async () => {
    const { deps } = world();
    stub.plan({ fault: 'silent' });
    const { result, took } = await within(async () => {
      return oauth.exchangeCode(client, EXCHANGED).catch((fault) => fault);
    });
    expect(result).toMatchObject({ kind: 'transient', lostAnswer: 'timed_out' });
    expect(took).toBeLessThan(ANSWER);
    await sleep(ANSWER);
    expect((await deps.users.readUser(ALICE)).rows).toEqual([]);
  });
});
