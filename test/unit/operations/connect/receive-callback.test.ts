// The callback of a provider: which states accept a code or a denial, and what is stored.
import { describe, expect, it } from 'vitest';
import type { ProviderRecord } from '../../../../lib/domain/oauth/provider-record.ts';
import { completeConnection } from '../../../../lib/operations/connect/complete-connection.ts';
import { createOAuthState } from '../../../../lib/operations/connect/create-oauth-state.ts';
import {
  type CallbackQuery,
  type ReceivedCallback,
  receiveCallback,
} from '../../../../lib/operations/connect/receive-callback.ts';
import { startConnection } from '../../../../lib/operations/connect/start-connection.ts';
import { startDeviceConnection } from '../../../../lib/operations/connect/start-device-connection.ts';
import { ALICE, MINUTE, snapshot } from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';
import { knownProvider, memoryProviders, newGrant } from '../../../support/memory/memory-oauth.ts';

const RETURN_URL = 'https://app.example/done';
const NUL = String.fromCharCode(0);

const connectDeps = (given: Partial<ProviderRecord> = {}): MemoryDeps => {
  const record = { deviceAuthorizationEndpoint: 'https://acme.example/device', ...given };
  const deps = memoryDeps({ providers: memoryProviders(knownProvider(record)) });
  deps.oauth.script.codes = new Map(['first', 'second', 'x'].map((code) => [code, newGrant({ accessToken: code })]));
  return deps;
};

const begin = async (deps: MemoryDeps, given: { returnUrl?: string; callbackUrl?: string } = {}) =>
  (await startConnection(deps, { userId: ALICE, provider: 'acme', ...given })).state;

const receive = (deps: MemoryDeps, query: CallbackQuery) => receiveCallback(deps, query);
const getReceipt = (received: ReceivedCallback) => (received.kind === 'received' ? received.receipt : '');

/** Refused with state_invalid, and nothing changed. */
const expectRefused = async (deps: MemoryDeps, query: CallbackQuery) => {
  const before = snapshot(deps);
  await expect(receive(deps, query)).rejects.toMatchObject({ code: 'state_invalid' });
  expect(snapshot(deps)).toEqual(before);
};

describe('receiveCallback', () => {
  it('gives the browser a receipt', async () => {
    const deps = connectDeps();
    const state = await begin(deps);
    expect(await receive(deps, { state, code: 'first' })).toEqual({
      kind: 'received',
      returnUrl: null,
      receipt: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    });
  });

  it('returns the URL to send the browser to', async () => {
    const deps = connectDeps();
    const state = await begin(deps, { returnUrl: RETURN_URL });
    expect(await receive(deps, { state, code: 'first' })).toMatchObject({ returnUrl: RETURN_URL });
  });

  it('gives every flow a different receipt', async () => {
    const deps = connectDeps();
    const states = [await begin(deps), await begin(deps)];
    const receipts: string[] = [];
    for (const state of states) receipts.push(getReceipt(await receive(deps, { state, code: 'first' })));
    expect(new Set([...receipts, ...states]).size).toBe(4);
  });

  it('exchanges no code', async () => {
    const deps = connectDeps();
    const state = await begin(deps);
    await receive(deps, { state, code: 'first' });
    expect(deps.oauth.calls).toEqual([]);
    expect(deps.table.users.get(ALICE)?.credentials.size).toBe(0);
  });

  it('does not consume the state', async () => {
    const deps = connectDeps();
    const state = await begin(deps);
    await receive(deps, { state, code: 'first' });
    expect([...deps.table.states.values()][0]).toMatchObject({ usedBy: null });
  });

  it('stores neither code nor receipt in plain text', async () => {
    const deps = connectDeps();
    const state = await begin(deps);
    const receipt = getReceipt(await receive(deps, { state, code: 'code-canary' }));
    const [row] = deps.table.states.values();
    const text = JSON.stringify(row) + Buffer.from(row?.pendingCode ?? '', 'base64url').toString('latin1');
    expect(text).not.toContain('code-canary');
    expect(text).not.toContain(receipt);
    expect(text).not.toContain(state);
  });

  it('refuses a second code and keeps the first', async () => {
    const deps = connectDeps();
    const state = await begin(deps);
    const receipt = getReceipt(await receive(deps, { state, code: 'first' }));
    await expectRefused(deps, { state, code: 'second' });
    await completeConnection(deps, { userId: ALICE, state, receipt });
    expect(deps.oauth.callsTo('exchangeCode')).toMatchObject([{ code: 'first' }]);
  });

  describe('the same response again', () => {
    const again = async (response: CallbackQuery, repeated: CallbackQuery, milliseconds = 400) => {
      const deps = connectDeps({ keeps: [{ name: 'company', from: 'callback', path: 'realmId' }] });
      const state = await begin(deps);
      const first = getReceipt(await receive(deps, { state, ...response }));
      deps.clock.advance(milliseconds);
      return { deps, state, first, repeat: () => receive(deps, { state, ...repeated }) };
    };

    it.each([0, 400, MINUTE - 1])('gets a new receipt after %i ms, and the older one is void', async (milliseconds) => {
      const response = { code: 'first', realmId: '1' };
      const { deps, state, first, repeat } = await again(response, response, milliseconds);
      const second = getReceipt(await repeat());
      expect(second).not.toBe(first);
      const stale = completeConnection(deps, { userId: ALICE, state, receipt: first });
      await expect(stale).rejects.toMatchObject({ code: 'state_invalid' });
      await completeConnection(deps, { userId: ALICE, state, receipt: second });
      expect(deps.oauth.callsTo('exchangeCode')).toMatchObject([{ code: 'first' }]);
    });

    it('is refused a minute after the first, however often it came between', async () => {
      const { deps, state, repeat } = await again({ code: 'first' }, { code: 'first' }, 40_000);
      await repeat();
      deps.clock.advance(20_000);
      await expectRefused(deps, { state, code: 'first' });
    });

    it.each<[string, CallbackQuery]>([
      ['another code', { code: 'second', realmId: '1' }],
      ['another issuer', { code: 'first', realmId: '1', iss: 'https://a.example' }],
      ['another kept value', { code: 'first', realmId: '2' }],
      ['a kept value less', { code: 'first' }],
    ])('is refused with %s', async (_, repeated) => {
      const { deps, state } = await again({ code: 'first', realmId: '1' }, repeated);
      await expectRefused(deps, { state, ...repeated });
    });

    it('is refused once the flow is used', async () => {
      const { deps, state, first } = await again({ code: 'first' }, { code: 'first' });
      await completeConnection(deps, { userId: ALICE, state, receipt: first });
      await expectRefused(deps, { state, code: 'first' });
    });

    it('leaves one valid receipt of fifty concurrent callbacks', async () => {
      const deps = connectDeps();
      const state = await begin(deps);
      const received = await Promise.all(Array.from({ length: 50 }, () => receive(deps, { state, code: 'first' })));
      const completed = await Promise.allSettled(
        received.map((one) => completeConnection(deps, { userId: ALICE, state, receipt: getReceipt(one) })),
      );
      expect(completed.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(deps.oauth.callsTo('exchangeCode')).toHaveLength(1);
    });
  });

  describe('a state', () => {
    it.each<[string, unknown]>([
      ['missing', undefined],
      ['empty', ''],
      ['unknown', 'A'.repeat(43)],
      ['too short', 'A'.repeat(42)],
      ['with a line break after it', `${'A'.repeat(43)}\n`],
      ['not ASCII', 'é'.repeat(43)],
      ['huge', 'A'.repeat(100_000)],
      ['a number', 7],
      ['an object', { state: 'x' }],
    ])('that is %s is refused', async (_, state) => {
      await expectRefused(connectDeps(), { state, code: 'first' });
    });

    it('given twice is refused', async () => {
      const deps = connectDeps();
      const state = await begin(deps);
      await expectRefused(deps, { state: [state, state], code: 'first' });
    });

    it('is accepted until a millisecond before it expires', async () => {
      const deps = connectDeps();
      const state = await begin(deps);
      deps.clock.advance(10 * MINUTE - 1);
      await expect(receive(deps, { state, code: 'first' })).resolves.toBeDefined();
    });

    it('is refused from the millisecond in which it expires', async () => {
      const deps = connectDeps();
      const state = await begin(deps);
      deps.clock.advance(10 * MINUTE);
      await expectRefused(deps, { state, code: 'first' });
    });

    it('is refused after it was used', async () => {
      const deps = connectDeps();
      const state = await begin(deps);
      const receipt = getReceipt(await receive(deps, { state, code: 'first' }));
      await completeConnection(deps, { userId: ALICE, state, receipt });
      await expectRefused(deps, { state, code: 'second' });
      await expectRefused(deps, { state, error: 'access_denied' });
    });

    it('is refused when it is of kind external', async () => {
      const deps = connectDeps();
      const { token } = await createOAuthState(deps, { userId: ALICE, provider: 'acme', scopes: [] });
      await expectRefused(deps, { state: token, code: 'first' });
    });

    it('is refused when it is of kind device', async () => {
      const deps = connectDeps();
      const { state } = await startDeviceConnection(deps, { userId: ALICE, provider: 'acme' });
      await expectRefused(deps, { state, code: 'first' });
    });

    it("is refused when the redirect URI is the application's own", async () => {
      const deps = connectDeps();
      const state = await begin(deps, { callbackUrl: 'https://app.example/oauth/callback' });
      await expectRefused(deps, { state, code: 'first' });
      await expectRefused(deps, { state, error: 'access_denied' });
    });

    it("is refused when its row's user was changed", async () => {
      const deps = connectDeps();
      const state = await begin(deps);
      for (const row of deps.table.states.values()) row.userId = 'mallory';
      await expectRefused(deps, { state, code: 'first' });
    });
  });

  it.each<[string, CallbackQuery]>([
    ['neither code nor error', {}],
    ['code and error together', { code: 'first', error: 'access_denied' }],
    ['an empty code', { code: '' }],
    ['the code twice', { code: ['first', 'first'] }],
    ['the error twice', { error: ['access_denied', 'access_denied'] }],
    ['iss twice', { code: 'first', iss: ['https://a.example', 'https://a.example'] }],
    ['an empty iss', { code: 'first', iss: '' }],
    ['a code of 4097 characters', { code: 'a'.repeat(4097) }],
    ['an iss of 2049 characters', { code: 'first', iss: 'a'.repeat(2049) }],
    ['a line break in the code', { code: 'a\r\nb' }],
    ['NUL in the code', { code: `a${NUL}b` }],
    ['a C1 control in the code', { code: 'a\u0085b' }],
    ['a control in iss', { code: 'first', iss: 'https://a.example\t' }],
  ])('refuses %s', async (_, query) => {
    const deps = connectDeps();
    const state = await begin(deps);
    await expectRefused(deps, { state, ...query });
  });

  it.each<[string, CallbackQuery]>([
    ['a code of 4096 characters', { code: 'a'.repeat(4096) }],
    ['an empty error beside the code', { code: 'first', error: '' }],
    ['an iss of 2048 characters', { code: 'first', iss: 'a'.repeat(2048) }],
    ['a code of any printable characters', { code: '4/0Ab+c=d~é %' }],
  ])('accepts %s', async (_, query) => {
    const deps = connectDeps();
    const state = await begin(deps);
    expect(await receive(deps, { state, ...query })).toMatchObject({ kind: 'received' });
  });

  describe('a denial', () => {
    it('is passed on with its code', async () => {
      const deps = connectDeps();
      const state = await begin(deps, { returnUrl: RETURN_URL });
      expect(await receive(deps, { state, error: 'consent_required' })).toEqual({
        kind: 'denied',
        returnUrl: RETURN_URL,
        error: 'consent_required',
      });
    });

    it.each(['<script>alert(1)</script>', 'Access denied', 'ACCESS_DENIED', 'a'.repeat(65), 'access_denied\n'])(
      'with %j, which is not an error code, is passed on as access_denied',
      async (error) => {
        const deps = connectDeps();
        const state = await begin(deps);
        expect(await receive(deps, { state, error })).toMatchObject({ kind: 'denied', error: 'access_denied' });
      },
    );

    it.each<[string, CallbackQuery, string]>([
      ['a code of the provider', { errCode: 'user_cancelled' }, 'user_cancelled'],
      ['a number', { error_code: '1349126', error_message: 'App not set up' }, 'access_denied'],
      ['both, of which the standard one counts', { error: 'consent_required', errCode: 'other' }, 'consent_required'],
      ['an empty standard one', { error: '', errCode: 'user_cancelled' }, 'user_cancelled'],
    ])('in parameters of the provider’s own is %s', async (_, query, error) => {
      const deps = connectDeps({ callbackErrorParams: ['errCode', 'error_code'] });
      const state = await begin(deps);
      expect(await receive(deps, { state, ...query })).toMatchObject({ kind: 'denied', error });
    });

    it('is not seen in parameters that the record does not name, or that are empty', async () => {
      const deps = connectDeps({ callbackErrorParams: ['errCode'] });
      const state = await begin(deps);
      const query = { state, code: 'first', errCode: '', error_code: '1' };
      expect(await receive(deps, query)).toMatchObject({ kind: 'received' });
      const plain = connectDeps();
      await expectRefused(plain, { state: await begin(plain), errCode: 'user_cancelled' });
    });

    it('is noted, and the state stays usable', async () => {
      const deps = connectDeps();
      const state = await begin(deps);
      await receive(deps, { state, error: 'access_denied' });
      expect([...deps.table.states.values()][0]).toMatchObject({ deniedAt: deps.clock.now(), usedBy: null });
    });

    it('does not prevent a later code', async () => {
      const deps = connectDeps();
      const state = await begin(deps);
      await receive(deps, { state, error: 'access_denied' });
      const receipt = getReceipt(await receive(deps, { state, code: 'first' }));
      await expect(completeConnection(deps, { userId: ALICE, state, receipt })).resolves.toMatchObject({
        created: true,
      });
    });

    it('is refused after a code, which is kept', async () => {
      const deps = connectDeps();
      const state = await begin(deps);
      await receive(deps, { state, code: 'first' });
      await expectRefused(deps, { state, error: 'access_denied' });
    });
  });
});
