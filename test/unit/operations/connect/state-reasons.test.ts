// The reason that each refusal of a state gives to the log. The answers are the same for all: see
// test/unit/domain/oauth/state-refusal.test.ts.
import { describe, expect, it } from 'vitest';
import { hashToken, type StateRow } from '../../../../lib/domain/oauth/oauth-state.ts';
import { newStateToken } from '../../../../lib/domain/oauth/pkce.ts';
import type { ProviderRecord } from '../../../../lib/domain/oauth/provider-record.ts';
import { type StateRefusal, stateRefusals } from '../../../../lib/domain/oauth/state-refusal.ts';
import { type CompleteConnection, completeConnection } from '../../../../lib/operations/connect/complete-connection.ts';
import { consumeOAuthState } from '../../../../lib/operations/connect/consume-oauth-state.ts';
import { createOAuthState } from '../../../../lib/operations/connect/create-oauth-state.ts';
import { pollDeviceConnection } from '../../../../lib/operations/connect/poll-device-connection.ts';
import { receiveCallback } from '../../../../lib/operations/connect/receive-callback.ts';
import { startConnection } from '../../../../lib/operations/connect/start-connection.ts';
import { startDeviceConnection } from '../../../../lib/operations/connect/start-device-connection.ts';
import { eraseUser } from '../../../../lib/operations/user/erase-user.ts';
import { ALICE, BOB, MINUTE, markErasing } from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';
import { knownProvider, memoryProviders, newGrant } from '../../../support/memory/memory-oauth.ts';

const CALLBACK_URL = 'https://app.example/callback';
const ISSUER = 'https://acme.example';

const connectDeps = (record: Partial<ProviderRecord> = {}): MemoryDeps => {
  const deviceAuthorizationEndpoint = 'https://acme.example/device';
  const deps = memoryDeps({
    providers: memoryProviders(knownProvider({ deviceAuthorizationEndpoint, ...record })),
    redirects: {
      publicBaseUrl: 'https://keyhold.example',
      allowedReturnUrls: [],
      allowsOwnPaths: false,
      allowedCallbackUrls: [CALLBACK_URL],
    },
  });
  deps.oauth.script.codes.set('code', newGrant());
  return deps;
};

const external = async (deps: MemoryDeps) =>
  (await createOAuthState(deps, { userId: ALICE, provider: 'acme', scopes: [] })).token;
const connection = async (deps: MemoryDeps, given: { callbackUrl?: string } = {}) =>
  (await startConnection(deps, { userId: ALICE, provider: 'acme', ...given })).state;
const device = async (deps: MemoryDeps) =>
  (await startDeviceConnection(deps, { userId: ALICE, provider: 'acme' })).state;

const consume = (deps: MemoryDeps, token: string, given: { userId?: string; provider?: string } = {}) =>
  consumeOAuthState(deps, { userId: ALICE, token, provider: 'acme', ...given });

/** A connection whose code has arrived, ready to complete. */
const returned = async (deps: MemoryDeps, iss?: string): Promise<CompleteConnection & { receipt: string }> => {
  const state = await connection(deps);
  const received = await receiveCallback(deps, { state, code: 'code', ...(iss !== undefined && { iss }) });
  return { userId: ALICE, state, receipt: received.kind === 'received' ? received.receipt : '' };
};

const change = (deps: MemoryDeps, token: string, fields: Partial<StateRow>) =>
  Object.assign(deps.table.states.get(hashToken(token)) ?? {}, fields);

type Case = [title: string, reason: StateRefusal, attempt: (deps: MemoryDeps) => Promise<unknown>];

/** A callback that names this tenant, at a provider whose tenants are `us` and `eu`. */
const nameTenant =
  (location: string): Case[2] =>
  async (deps) => {
    deps.providers.set(
      knownProvider({
        templateVariables: { region: { pattern: 'us|eu', default: 'us' } },
        callbackTenant: { param: 'location', variable: 'region' },
      }),
    );
    const state = await connection(deps);
    const received = await receiveCallback(deps, { state, code: 'code', location });
    const receipt = received.kind === 'received' ? received.receipt : '';
    return completeConnection(deps, { userId: ALICE, state, receipt });
  };

const LINK = { tokenHash: 'hash', erasures: 0, spending: null, isForOne: false };

const cases: Case[] = [
  ['a text that cannot be a token', 'malformed', (deps) => consume(deps, 'short')],
  ['a callback with two states', 'malformed', (deps) => receiveCallback(deps, { state: ['a', 'b'], code: 'code' })],
  ['a token that was never issued', 'unknown', (deps) => consume(deps, newStateToken(deps.random.bytes))],
  [
    'an expired state',
    'expired',
    async (deps) => {
      const token = await external(deps);
      deps.clock.advance(10 * MINUTE);
      return consume(deps, token);
    },
  ],
  [
    'an expired state at the callback',
    'expired',
    async (deps) => {
      const state = await connection(deps);
      deps.clock.advance(10 * MINUTE);
      return receiveCallback(deps, { state, code: 'code' });
    },
  ],
  [
    'a state consumed before',
    'used',
    async (deps) => {
      const token = await external(deps);
      await consume(deps, token);
      return consume(deps, token);
    },
  ],
  [
    'a connection completed before, at the callback',
    'used',
    async (deps) => {
      const request = await returned(deps);
      await completeConnection(deps, request);
      return receiveCallback(deps, { state: request.state, code: 'code' });
    },
  ],
  [
    'a state that another request consumes meanwhile',
    'lost_race',
    async (deps) => {
      const token = await external(deps);
      deps.states.consumeState = async () => null;
      return consume(deps, token);
    },
  ],
  [
    'a code for a state that another request consumes meanwhile',
    'lost_race',
    async (deps) => {
      const state = await connection(deps);
      deps.states.storePendingCode = async () => false;
      return receiveCallback(deps, { state, code: 'code' });
    },
  ],
  [
    'a denial of a state that another request consumes meanwhile',
    'lost_race',
    async (deps) => {
      const state = await connection(deps);
      deps.states.noteDenial = async () => false;
      return receiveCallback(deps, { state, error: 'access_denied' });
    },
  ],
  ["another user's state", 'foreign_user', async (deps) => consume(deps, await external(deps), { userId: BOB })],
  [
    "another user's device flow",
    'foreign_user',
    async (deps) => pollDeviceConnection(deps, { userId: BOB, state: await device(deps) }),
  ],
  ['a connection consumed as an external state', 'wrong_kind', async (deps) => consume(deps, await connection(deps))],
  [
    'an external state polled as a device flow',
    'wrong_kind',
    async (deps) => pollDeviceConnection(deps, { userId: ALICE, state: await external(deps) }),
  ],
  [
    'a device flow at the callback',
    'wrong_kind',
    async (deps) => receiveCallback(deps, { state: await device(deps), code: 'code' }),
  ],
  [
    "another provider's state",
    'wrong_provider',
    async (deps) => consume(deps, await external(deps), { provider: 'other' }),
  ],
  [
    'a state from before an erasure in progress',
    'user_erased',
    async (deps) => {
      const token = await external(deps);
      await markErasing(deps);
      return consume(deps, token);
    },
  ],
  [
    'an erasure while the provider answers',
    'user_erased',
    async (deps) => {
      const request = await returned(deps);
      const exchange = deps.oauth.exchangeCode;
      deps.oauth.exchangeCode = async (...given) => {
        await eraseUser(deps, { userId: ALICE });
        return exchange(...given);
      };
      return completeConnection(deps, request);
    },
  ],
  [
    'a payload that does not open',
    'unreadable',
    async (deps) => {
      const token = await external(deps);
      change(deps, token, { sealed: 'AAAA' });
      return consume(deps, token);
    },
  ],
  [
    'a pending code that does not open',
    'unreadable',
    async (deps) => {
      const request = await returned(deps);
      change(deps, request.state, { pendingCode: 'AAAA' });
      return completeConnection(deps, request);
    },
  ],
  [
    'a callback without a code',
    'malformed_callback',
    async (deps) => receiveCallback(deps, { state: await connection(deps) }),
  ],
  [
    'a callback with two issuers',
    'malformed_callback',
    async (deps) => receiveCallback(deps, { state: await connection(deps), code: 'code', iss: ['a', 'b'] }),
  ],
  [
    'a callback with code and error',
    'malformed_callback',
    async (deps) => receiveCallback(deps, { state: await connection(deps), code: 'code', error: 'access_denied' }),
  ],
  [
    'a completion before the callback',
    'no_code',
    async (deps) => completeConnection(deps, { userId: ALICE, state: await connection(deps), receipt: 'receipt' }),
  ],
  [
    'a flow of another link',
    'foreign_link',
    async (deps) => completeConnection(deps, { ...(await returned(deps)), link: LINK }),
  ],
  [
    'a second code',
    'second_code',
    async (deps) => receiveCallback(deps, { state: (await returned(deps)).state, code: 'other' }),
  ],
  [
    "another browser's receipt",
    'wrong_receipt',
    async (deps) => completeConnection(deps, { ...(await returned(deps)), receipt: 'other' }),
  ],
  ['a callback that names a tenant the record does not allow', 'wrong_tenant', nameTenant('evil')],
  ['a callback that names an empty tenant', 'wrong_tenant', nameTenant('')],
  [
    "a callback here, when the redirect is the application's own",
    'own_callback',
    async (deps) =>
      receiveCallback(deps, { state: await connection(deps, { callbackUrl: CALLBACK_URL }), code: 'code' }),
  ],
  [
    "a receipt, when the redirect is the application's own",
    'own_callback',
    async (deps) => {
      const state = await connection(deps, { callbackUrl: CALLBACK_URL });
      return completeConnection(deps, { userId: ALICE, state, receipt: 'receipt' });
    },
  ],
  [
    'a code, when the redirect is to this service',
    'service_callback',
    async (deps) => completeConnection(deps, { userId: ALICE, state: await connection(deps), code: 'code' }),
  ],
];

describe('a refused state', () => {
  it.each(cases)('%s is logged as %s', async (_, reason, attempt) => {
    await expect(attempt(connectDeps())).rejects.toMatchObject({ code: 'state_invalid', logReason: reason });
  });

  it.each([
    ['wrong_issuer', 'https://other.example', false],
    ['missing_issuer', undefined, true],
  ] as const)('is logged as %s when the callback names the issuer %s', async (reason, iss, always) => {
    const deps = connectDeps({ issuer: ISSUER, authorizationResponseIssParameterSupported: always });
    const request = await returned(deps, iss);
    await expect(completeConnection(deps, request)).rejects.toMatchObject({ code: 'state_invalid', logReason: reason });
  });

  it('has a case here for every reason', () => {
    const shown = new Set([...cases.map(([, reason]) => reason), 'wrong_issuer', 'missing_issuer']);
    expect(stateRefusals.filter((reason) => !shown.has(reason))).toEqual([]);
  });
});
