// Connecting a device: starting, polling, and what is stored after the approval.
import { describe, expect, it, vi } from 'vitest';
import type { ProviderRecord } from '../../../../lib/domain/oauth/provider-record.ts';
import {
  type DeviceAuthorization,
  type DevicePoll,
  ProviderFault,
} from '../../../../lib/domain/ports/oauth-protocol.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { pollDeviceConnection } from '../../../../lib/operations/connect/poll-device-connection.ts';
import { startConnection } from '../../../../lib/operations/connect/start-connection.ts';
import { startDeviceConnection } from '../../../../lib/operations/connect/start-device-connection.ts';
import { deleteCredential } from '../../../../lib/operations/credential/delete-credential.ts';
import { eraseUser } from '../../../../lib/operations/user/erase-user.ts';
import { ALICE, BOB, markErasing, newOAuth2, START, snapshot, stored, storedItems } from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';
import {
  deviceAuthorization,
  knownProvider,
  memoryOAuth,
  memoryProviders,
  newGrant,
} from '../../../support/memory/memory-oauth.ts';

const SECOND = 1000;
const APPROVED: DevicePoll = { kind: 'approved', grant: newGrant({ scopes: ['read'] }) };

interface Given {
  record?: Partial<ProviderRecord>;
  device?: Partial<DeviceAuthorization>;
  polls?: (DevicePoll | ProviderFault)[];
}

const connectDeps = ({ record, device, polls = [] }: Given = {}): MemoryDeps =>
  memoryDeps({
    providers: memoryProviders(
      knownProvider({ deviceAuthorizationEndpoint: 'https://acme.example/device', ...record }),
    ),
    oauth: memoryOAuth({ device: deviceAuthorization(device), polls: [...polls] }),
  });

const start = (deps: MemoryDeps, given: { userId?: string; provider?: string; scopes?: string[] } = {}) =>
  startDeviceConnection(deps, { userId: ALICE, provider: 'acme', ...given });

const poll = (deps: MemoryDeps, state: string, userId = ALICE) => pollDeviceConnection(deps, { userId, state });

const begin = async (deps: MemoryDeps) => (await start(deps)).state;

const asked = ({ oauth }: MemoryDeps) => oauth.callsTo('pollDevice').length;
const stateRow = ({ table }: MemoryDeps) => [...table.states.values()][0];

describe('startDeviceConnection', () => {
  it('returns what the user needs', async () => {
    const device = { verificationUriComplete: 'https://acme.example/device?code=ABCD-EFGH', intervalSeconds: 7 };
    expect(await start(connectDeps({ device }))).toMatchObject({
      state: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      authorization: { userCode: 'ABCD-EFGH', verificationUri: 'https://acme.example/device', ...device },
    });
  });

  it('expires when the provider says', async () => {
    const { expiresAt } = await start(connectDeps({ device: { expiresInSeconds: 900 } }));
    expect(expiresAt).toBe(START + 900 * SECOND);
  });

  it('takes a place among the open states for as long as a state lives', async () => {
    const deps = connectDeps({ device: { expiresInSeconds: 900 } });
    const takePlace = vi.spyOn(deps.states, 'takePlace');
    await start(deps);
    expect(takePlace.mock.calls.map(([{ expiresAt }]) => expiresAt)).toEqual([START + 600 * SECOND]);
  });

  it('expires after an hour at most', async () => {
    const { expiresAt } = await start(connectDeps({ device: { expiresInSeconds: 1e9 } }));
    expect(expiresAt).toBe(START + 3600 * SECOND);
  });

  it.each<[string, string[] | undefined, string[]]>([
    ['the default scopes when none are named', undefined, ['default', 'offline']],
    ['the named scopes', ['read'], ['read', 'offline']],
  ])('requests %s', async (_, scopes, expected) => {
    const deps = connectDeps({ record: { defaultScopes: ['default'], refreshTokenScope: 'offline' } });
    await start(deps, { scopes });
    expect(deps.oauth.calls).toMatchObject([{ to: 'startDevice', scopes: expected }]);
  });

  it('throws device_flow_unsupported when the record has no endpoint', async () => {
    const deps = connectDeps({ record: { deviceAuthorizationEndpoint: undefined } });
    await expect(start(deps)).rejects.toMatchObject({ code: 'device_flow_unsupported' });
    expect(deps.oauth.calls).toEqual([]);
  });

  it('throws provider_unknown for an unknown provider', async () => {
    await expect(start(connectDeps(), { provider: 'unknown' })).rejects.toMatchObject({ code: 'provider_unknown' });
  });

  it('throws provider_not_configured when the operator has no client', async () => {
    const deps = connectDeps();
    deps.providers.set({ ...knownProvider(), client: null });
    await expect(start(deps)).rejects.toMatchObject({ code: 'provider_not_configured' });
  });

  it.each(['transient', 'rejected', 'client_fault'] as const)(
    'creates no state when the provider fails (%s)',
    async (kind) => {
      const deps = connectDeps();
      deps.oauth.script.device = new ProviderFault(kind);
      await expect(start(deps)).rejects.toMatchObject({ code: 'provider_rejected' });
      expect(deps.table.states.size).toBe(0);
    },
  );

  it('does not hide an internal error', async () => {
    const deps = connectDeps();
    const fault = new Error('ours');
    deps.oauth.startDevice = vi.fn().mockRejectedValue(fault);
    await expect(start(deps)).rejects.toBe(fault);
  });

  it('creates no more states than the limit allows', async () => {
    const deps = connectDeps();
    deps.limits = { ...deps.limits, maxOpenStatesPerUser: 1 };
    await start(deps);
    await expect(start(deps)).rejects.toMatchObject({ code: 'too_many_open_states' });
  });

  it('calls the provider no more often than the limit allows', async () => {
    const deps = connectDeps();
    deps.limits = { ...deps.limits, maxOpenStatesPerUser: 3 };
    await Promise.allSettled(Array.from({ length: 200 }, () => start(deps)));
    expect(deps.oauth.callsTo('startDevice')).toHaveLength(3);
  });

  it('keeps the place when the provider fails', async () => {
    const deps = connectDeps();
    deps.limits = { ...deps.limits, maxOpenStatesPerUser: 3 };
    deps.oauth.script.device = new ProviderFault('rejected');
    const codes: string[] = [];
    for (let i = 0; i < 20; i++) await start(deps).catch(({ code }) => codes.push(code));
    expect(codes.slice(0, 4)).toEqual([...Array(3).fill('provider_rejected'), 'too_many_open_states']);
    expect(deps.oauth.callsTo('startDevice')).toHaveLength(3);
  });

  it('stores nothing for a user who is erased during the call', async () => {
    const deps = connectDeps();
    deps.oauth.script.meanwhile = () => eraseUser(deps, { userId: ALICE });
    await expect(start(deps)).rejects.toMatchObject({ code: 'user_erasing' });
    expect(deps.table.states.size).toBe(0);
  });

  it('frees the place when the credential is stored', async () => {
    const deps = connectDeps({ polls: [APPROVED] });
    deps.limits = { ...deps.limits, maxOpenStatesPerUser: 1 };
    await poll(deps, await begin(deps));
    await expect(start(deps)).resolves.toBeDefined();
  });

  it('refuses a user whose erasure is under way', async () => {
    const deps = connectDeps();
    await markErasing(deps);
    await expect(start(deps)).rejects.toMatchObject({ code: 'user_erasing' });
  });

  it('stores the device code only sealed', async () => {
    const deps = connectDeps({ device: { deviceCode: 'device-canary' } });
    const { state } = await start(deps);
    const row = stateRow(deps);
    const text = JSON.stringify(row) + Buffer.from(row?.sealed ?? '', 'base64url').toString('latin1');
    expect(text).not.toContain('canary');
    expect(text).not.toContain(state);
  });
});

describe('pollDeviceConnection', () => {
  it('is pending until the user has approved', async () => {
    const deps = connectDeps();
    expect(await poll(deps, await begin(deps))).toEqual({ status: 'pending', credential: null });
    expect(storedItems(deps)).toEqual([]);
  });

  it('sends the device code', async () => {
    const deps = connectDeps();
    await poll(deps, await begin(deps));
    expect(deps.oauth.callsTo('pollDevice')).toMatchObject([{ deviceCode: 'device-code-1' }]);
  });

  it('is pending when the provider cannot be reached', async () => {
    const deps = connectDeps({ polls: [new ProviderFault('transient')] });
    expect(await poll(deps, await begin(deps))).toEqual({ status: 'pending', credential: null });
  });

  it('throws provider_rejected, and the state stays usable', async () => {
    const deps = connectDeps({ polls: [new ProviderFault('client_fault'), APPROVED] });
    const state = await begin(deps);
    await expect(poll(deps, state)).rejects.toMatchObject({ code: 'provider_rejected' });
    deps.clock.advance(5 * SECOND);
    expect(await poll(deps, state)).toMatchObject({ status: 'approved' });
  });

  it('does not hide an internal error', async () => {
    const deps = connectDeps();
    const state = await begin(deps);
    const fault = new Error('ours');
    deps.oauth.pollDevice = vi.fn().mockRejectedValue(fault);
    await expect(poll(deps, state)).rejects.toBe(fault);
  });

  describe('too fast', () => {
    it('sends no request to the provider', async () => {
      const deps = connectDeps();
      const state = await begin(deps);
      await poll(deps, state);
      expect(await poll(deps, state)).toEqual({ status: 'slow_down', credential: null });
      deps.clock.advance(5 * SECOND - 1);
      expect(await poll(deps, state)).toEqual({ status: 'slow_down', credential: null });
      expect(asked(deps)).toBe(1);
    });

    it('does not delay the next poll', async () => {
      const deps = connectDeps();
      const state = await begin(deps);
      await poll(deps, state);
      deps.clock.advance(4 * SECOND);
      await poll(deps, state);
      deps.clock.advance(SECOND);
      expect(await poll(deps, state)).toMatchObject({ status: 'pending' });
      expect(asked(deps)).toBe(2);
    });

    it('means within the interval of the provider', async () => {
      const deps = connectDeps({ device: { intervalSeconds: 30 } });
      const state = await begin(deps);
      await poll(deps, state);
      deps.clock.advance(30 * SECOND - 1);
      expect(await poll(deps, state)).toMatchObject({ status: 'slow_down' });
      deps.clock.advance(1);
      expect(await poll(deps, state)).toMatchObject({ status: 'pending' });
      expect(asked(deps)).toBe(2);
    });

    it('counts polls made through another server', async () => {
      const deps = connectDeps();
      const state = await begin(deps);
      await poll(deps, state);
      const elsewhere = { ...deps, oauth: memoryOAuth() };
      expect(await poll(elsewhere, state)).toMatchObject({ status: 'slow_down' });
      expect(asked(elsewhere)).toBe(0);
    });
  });

  describe('slow_down of the provider', () => {
    it('is answered', async () => {
      const deps = connectDeps({ polls: [{ kind: 'slow_down' }] });
      expect(await poll(deps, await begin(deps))).toEqual({ status: 'slow_down', credential: null });
    });

    it('adds five seconds to all later intervals', async () => {
      const deps = connectDeps({ polls: [{ kind: 'slow_down' }] });
      const state = await begin(deps);
      await poll(deps, state);
      for (const expected of [2, 3]) {
        deps.clock.advance(10 * SECOND - 1);
        expect(await poll(deps, state)).toMatchObject({ status: 'slow_down' });
        expect(asked(deps)).toBe(expected - 1);
        deps.clock.advance(1);
        expect(await poll(deps, state)).toMatchObject({ status: 'pending' });
        expect(asked(deps)).toBe(expected);
      }
    });

    it('adds five seconds each time', async () => {
      const deps = connectDeps({ polls: [{ kind: 'slow_down' }, { kind: 'slow_down' }] });
      const state = await begin(deps);
      await poll(deps, state);
      deps.clock.advance(10 * SECOND);
      await poll(deps, state);
      expect(stateRow(deps)).toMatchObject({ pollSeconds: 15, pollAfter: deps.clock.now() + 15 * SECOND });
    });
  });

  it('revokes the tokens when the user was erased while the provider answered', async () => {
    const deps = connectDeps({
      record: { revocationEndpoint: 'https://acme.example/revoke' },
      polls: [{ kind: 'approved', grant: newGrant({ accessToken: 'access-orphan' }) }],
    });
    const state = await begin(deps);
    deps.oauth.script.meanwhile = async ({ to }) => to === 'pollDevice' && eraseUser(deps, { userId: ALICE });
    await expect(poll(deps, state)).rejects.toMatchObject({ code: 'state_invalid' });
    expect(deps.oauth.callsTo('revoke').map(({ token }) => token)).toEqual(['access-orphan']);
    expect(deps.table.states.size).toBe(0);
  });

  describe('once approved', () => {
    it('stores the credential and shows it', async () => {
      const deps = connectDeps({ polls: [APPROVED] });
      const { status, credential } = await poll(deps, await begin(deps));
      expect(status).toBe('approved');
      expect(credential).toMatchObject({ provider: 'acme', type: 'oauth2', scopes: ['read'], status: 'active' });
      expect(storedItems(deps)).toHaveLength(1);
    });

    it('stores the requested scopes when the reply names none', async () => {
      const deps = connectDeps({
        record: { defaultScopes: ['default'] },
        polls: [{ kind: 'approved', grant: newGrant() }],
      });
      expect((await poll(deps, await begin(deps))).credential?.scopes).toEqual(['default']);
    });

    it('replaces the credential of the same account', async () => {
      const account = { id: 'account-1', name: null };
      const deps = connectDeps({ polls: [{ kind: 'approved', grant: newGrant({ scopes: ['read'], account }) }] });
      const existing = { ...newOAuth2({ id: 'c', provider: 'acme', scopes: ['read'] }), accountId: 'account-1' };
      await stored(deps, existing);
      expect((await poll(deps, await begin(deps))).credential).toMatchObject({ id: 'c', version: 2 });
    });

    it('answers a repeated poll with the same credential, without a request', async () => {
      const deps = connectDeps({ polls: [APPROVED] });
      const state = await begin(deps);
      const first = await poll(deps, state);
      expect(await poll(deps, state)).toEqual(first);
      expect(asked(deps)).toBe(1);
    });

    it('answers it also after the state has expired', async () => {
      const deps = connectDeps({ polls: [APPROVED] });
      const state = await begin(deps);
      const first = await poll(deps, state);
      deps.clock.advance(3600 * SECOND);
      expect(await poll(deps, state)).toEqual(first);
    });

    it('stays approved when the credential was deleted', async () => {
      const deps = connectDeps({ polls: [APPROVED] });
      const state = await begin(deps);
      const { credential } = await poll(deps, state);
      await deleteCredential(deps, { userId: ALICE, id: credential?.id ?? '' });
      expect(await poll(deps, state)).toEqual({ status: 'approved', credential: null });
    });

    it('does not show the result to another user', async () => {
      const deps = connectDeps({ polls: [APPROVED] });
      const state = await begin(deps);
      await poll(deps, state);
      await expect(poll(deps, state, BOB)).rejects.toMatchObject({ code: 'state_invalid' });
    });

    it('stores one credential under a hundred concurrent polls', async () => {
      const deps = connectDeps({ polls: [APPROVED] });
      const state = await begin(deps);
      const all = await Promise.all(Array.from({ length: 100 }, () => poll(deps, state)));
      expect(all.filter(({ status }) => status === 'approved')).toHaveLength(1);
      expect(all.filter(({ status }) => status === 'slow_down')).toHaveLength(99);
      expect(asked(deps)).toBe(1);
      expect(storedItems(deps)).toHaveLength(1);
    });

    it('stores one credential when a poll takes longer than the interval', async () => {
      const deps = connectDeps({ polls: [APPROVED, APPROVED] });
      const state = await begin(deps);
      let inner: Promise<unknown> | undefined;
      deps.oauth.script.meanwhile = async ({ to }) => {
        if (to !== 'pollDevice' || inner) return;
        deps.clock.advance(5 * SECOND);
        inner = poll(deps, state);
        await inner;
      };
      await poll(deps, state).catch(() => undefined);
      expect(asked(deps)).toBe(2);
      expect(storedItems(deps)).toHaveLength(1);
    });

    it('does not answer denied to a poll while the credential is being stored', async () => {
      const deps = connectDeps({ polls: [APPROVED] });
      const state = await begin(deps);
      let meanwhile: unknown;
      deps.oauth.script.meanwhile = async ({ to }) => {
        if (to === 'identify') meanwhile = await poll(deps, state);
      };
      expect(await poll(deps, state)).toMatchObject({ status: 'approved' });
      expect(meanwhile).not.toMatchObject({ status: 'denied' });
    });

    it('does not answer denied after storing the approved tokens failed', async () => {
      const deps = connectDeps({ polls: [APPROVED] });
      const state = await begin(deps);
      deps.sealer.seal = vi.fn().mockRejectedValue(new ServiceError('keys_unavailable'));
      await expect(poll(deps, state)).rejects.toMatchObject({ code: 'keys_unavailable' });
      const again = await poll(deps, state).catch((error: unknown) => error);
      expect(again).not.toMatchObject({ status: 'denied' });
    });
  });

  describe.each(['denied', 'expired'] as const)('%s at the provider', (status) => {
    it('is answered, and nothing is stored', async () => {
      const deps = connectDeps({ polls: [{ kind: status }] });
      expect(await poll(deps, await begin(deps))).toEqual({ status, credential: null });
      expect(storedItems(deps)).toEqual([]);
    });

    it('is answered again, without a request', async () => {
      const deps = connectDeps({ polls: [{ kind: status }] });
      const state = await begin(deps);
      await poll(deps, state);
      deps.clock.advance(5 * SECOND);
      expect(await poll(deps, state)).toEqual({ status, credential: null });
      expect(asked(deps)).toBe(1);
    });

    it('keeps the place under the limit of open states until the window ends', async () => {
      const deps = connectDeps({ polls: [{ kind: status }] });
      deps.limits = { ...deps.limits, maxOpenStatesPerUser: 1 };
      await poll(deps, await begin(deps));
      await expect(start(deps)).rejects.toMatchObject({ code: 'too_many_open_states' });
      deps.clock.advance(deps.limits.oauthStateTtlSeconds * SECOND);
      await expect(start(deps)).resolves.toBeDefined();
    });
  });

  it('is expired from the millisecond the provider named, without a request', async () => {
    const deps = connectDeps({ device: { expiresInSeconds: 60 }, polls: [APPROVED] });
    const state = await begin(deps);
    deps.clock.advance(60 * SECOND);
    expect(await poll(deps, state)).toEqual({ status: 'expired', credential: null });
    expect(asked(deps)).toBe(0);
  });

  it('is still polled in the millisecond before', async () => {
    const deps = connectDeps({ device: { expiresInSeconds: 60 }, polls: [APPROVED] });
    const state = await begin(deps);
    deps.clock.advance(60 * SECOND - 1);
    expect(await poll(deps, state)).toMatchObject({ status: 'approved' });
  });

  describe('a state', () => {
    const expectRefused = async (deps: MemoryDeps, state: string, userId = ALICE) => {
      const before = snapshot(deps);
      await expect(poll(deps, state, userId)).rejects.toMatchObject({ code: 'state_invalid' });
      expect(snapshot(deps)).toEqual(before);
      expect(asked(deps)).toBe(0);
    };

    it("is refused when it is another user's, who can still use it", async () => {
      const deps = connectDeps({ polls: [APPROVED] });
      const state = await begin(deps);
      await expectRefused(deps, state, BOB);
      expect(await poll(deps, state)).toMatchObject({ status: 'approved' });
    });

    it("is refused when it is another user's, also after it expired", async () => {
      const deps = connectDeps();
      const state = await begin(deps);
      deps.clock.advance(3600 * SECOND);
      await expectRefused(deps, state, BOB);
    });

    it.each(['', 'x', 'A'.repeat(43), 'é'.repeat(43)])(
      'is refused when it is unknown or malformed (%#)',
      async (state) => {
        await expectRefused(connectDeps(), state);
      },
    );

    it('is refused when it is of kind connection', async () => {
      const deps = connectDeps();
      const { state } = await startConnection(deps, { userId: ALICE, provider: 'acme' });
      await expectRefused(deps, state);
    });

    it('is refused after an erasure of the user', async () => {
      const deps = connectDeps({ polls: [APPROVED] });
      const state = await begin(deps);
      await eraseUser(deps, { userId: ALICE });
      await expectRefused(deps, state);
    });
  });

  it('stores nothing when the user is erased during the poll', async () => {
    const deps = connectDeps({ polls: [APPROVED] });
    const state = await begin(deps);
    deps.oauth.script.meanwhile = async ({ to }) => to === 'pollDevice' && eraseUser(deps, { userId: ALICE });
    await expect(poll(deps, state)).rejects.toMatchObject({ code: 'state_invalid' });
    expect(storedItems(deps)).toEqual([]);
  });

  it('sends no request to a provider whose client was removed meanwhile', async () => {
    const deps = connectDeps({ polls: [APPROVED] });
    const state = await begin(deps);
    deps.providers.set({ ...knownProvider(), client: null });
    await expect(poll(deps, state)).rejects.toMatchObject({ code: 'provider_not_configured' });
    expect(asked(deps)).toBe(0);
  });

  it('shows the device code in no answer', async () => {
    const deps = connectDeps({ device: { deviceCode: 'device-canary' }, polls: [{ kind: 'pending' }, APPROVED] });
    const state = await begin(deps);
    const answers = [await poll(deps, state)];
    deps.clock.advance(5 * SECOND);
    answers.push(await poll(deps, state), await poll(deps, state));
    expect(JSON.stringify(answers)).not.toContain('canary');
  });
});
