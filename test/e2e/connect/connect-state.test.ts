// Who may use a state, and how often: the user who started, the browser of the callback and the user who completes must be the
// same person, or the code never reaches the provider's token endpoint.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Reply } from '../../support/http/http-caller.ts';
import type { Keyhold } from '../../support/http/local-server.ts';
import {
  comeBack,
  makeConnector,
  PLANES,
  receiptFor,
  refusal,
  startConnecting,
} from '../../support/providers/connect-flow.ts';
import { type MisbehavingProvider, startMisbehavingProvider } from '../../support/providers/misbehaving-provider.ts';

const STATE_INVALID = [400, 'state_invalid'];

let provider: MisbehavingProvider;
let keyhold: Keyhold;
beforeAll(async () => {
  provider = await startMisbehavingProvider();
  keyhold = await startConnecting({ acme: provider.entry('acme') });
});
beforeEach(() => provider.reset());
afterAll(async () => {
  await keyhold.stop();
  provider.close();
});

const atOnce = <T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => call(index)));
const tokenRequests = () => provider.requests('/acme/token').length;
const sortedStatuses = (replies: Reply[]) => replies.map((reply) => reply.status).toSorted();
/** A body without the fields that differ in every answer. */
const withoutInstance = ({ text, json }: Reply) => text.replace(json.instance, '');

describe.each(PLANES)('a state on the %s plane', (plane) => {
  const connector = (name: string) => makeConnector(keyhold, plane, `${name}-${plane}`);

  it('is exchanged once under concurrent completions', async () => {
    const user = connector('parallel');
    const { state } = await user.begin();
    const receipt = await receiptFor(keyhold, { state, code: 'code-1' });
    const replies = await atOnce(100, () => user.complete({ state, receipt }));
    expect(sortedStatuses(replies)).toEqual([201, ...Array(99).fill(400)]);
    expect(replies.filter(({ status }) => status === 400).map(refusal)).toEqual(Array(99).fill(STATE_INVALID));
    expect([tokenRequests(), (await user.own()).length]).toEqual([1, 1]);
  });

  it('accepts one code under concurrent callbacks', async () => {
    const user = connector('browsers');
    const { state } = await user.begin();
    const replies = await atOnce(50, (index) => comeBack(keyhold, { state, code: `code-${index}` }));
    expect(sortedStatuses(replies)).toEqual([200, ...Array(49).fill(400)]);
    const winner = replies.findIndex(({ status }) => status === 200);
    const [, receipt] = /<code id="receipt">([^<]*)/.exec(replies[winner]?.text ?? '') ?? [];
    expect((await user.complete({ state, receipt })).status).toBe(201);
    expect(provider.requests('/acme/token').map(({ form }) => form.code)).toEqual([`code-${winner}`]);
  });

  it('of one user cannot be completed by another', async () => {
    const [alice, mallory] = [connector('starter'), connector('thief')];
    const { state } = await alice.begin();
    const receipt = await receiptFor(keyhold, { state, code: 'code-1' });
    expect(refusal(await mallory.complete({ state, receipt }))).toEqual(STATE_INVALID);
    expect(refusal(await mallory.complete({ state, code: 'code-1' }))).toEqual(STATE_INVALID);
    expect([tokenRequests(), await mallory.own()]).toEqual([0, []]);
    expect((await alice.complete({ state, receipt })).status).toBe(201);
    expect(tokenRequests()).toBe(1);
  });

  it("returned by a victim's browser cannot be completed by the attacker without the receipt", async () => {
    const mallory = connector('fixation');
    const { state } = await mallory.begin();
    expect(refusal(await mallory.complete({ state, receipt: 'early' }))).toEqual(STATE_INVALID);
    const victims = await receiptFor(keyhold, { state, code: 'the-victims-code' });
    const own = await mallory.begin();
    const another = await receiptFor(keyhold, { state: own.state, code: 'code-1' });
    const changed = `${victims.startsWith('A') ? 'B' : 'A'}${victims.slice(1)}`;
    const guesses = ['', state, another, changed, victims.slice(0, -1), `${victims} `, 'x'.repeat(43), '\u0000'];
    for (const receipt of guesses) expect(refusal(await mallory.complete({ state, receipt }))).toEqual(STATE_INVALID);
    expect(refusal(await mallory.complete({ state, code: 'the-victims-code' }))).toEqual(STATE_INVALID);
    for (const body of [{ state }, { state, receipt: null }, { state, receipt: victims, code: 'x' }])
      expect(refusal(await mallory.complete(body))).toEqual([400, 'invalid_request']);
    expect([tokenRequests(), await mallory.own()]).toEqual([0, []]);
    expect((await mallory.complete({ state, receipt: victims })).status).toBe(201);
  });

  it("that is forged, truncated, used or another user's gets one answer, the same to the byte", async () => {
    const [alice, mallory] = [connector('victim'), connector('forger')];
    const { state } = await alice.begin();
    const receipt = await receiptFor(keyhold, { state, code: 'code-1' });
    const spent = await mallory.begin();
    const spentReceipt = await receiptFor(keyhold, { state: spent.state, code: 'code-2' });
    await mallory.complete({ state: spent.state, receipt: spentReceipt });
    const { state: unused } = await mallory.begin();
    const forged = ['', 'x', 'A'.repeat(43), state.slice(0, -1), `${state}=`, `${state}A`, ` ${state}`, 'é\u{1f600}'];
    const bodies = [
      ...[...forged, state, 'y'.repeat(20_000)].map((text) => ({ state: text, receipt })),
      { state: spent.state, receipt: spentReceipt },
      { state: unused, receipt: spentReceipt },
      { state: unused, code: 'code-3' },
    ];
    const answers = await Promise.all(bodies.map((body) => mallory.complete(body)));
    expect(answers.map(refusal)).toEqual(bodies.map(() => STATE_INVALID));
    expect(new Set(answers.map(withoutInstance)).size).toBe(1);
    expect(tokenRequests()).toBe(1);
    expect((await alice.complete({ state, receipt })).status).toBe(201);
  });

  it.each([[[]], [null], [7], [{}]])('that is %j is an invalid request', async (state) => {
    expect(refusal(await connector('types').complete({ state, receipt: 'x' }))).toEqual([400, 'invalid_request']);
  });

  it('cannot be completed after its user was erased, and nothing is stored', async () => {
    const user = connector('erased');
    const [early, late] = [await user.begin(), await user.begin()];
    const receipt = await receiptFor(keyhold, { state: early.state, code: 'code-1' });
    expect((await user.erase()).status).toBe(200);
    expect(refusal(await user.complete({ state: early.state, receipt }))).toEqual(STATE_INVALID);
    // The browser may still come back: its code cannot be completed.
    const { status, text } = await comeBack(keyhold, { state: late.state, code: 'code-1' });
    const [, after = 'none'] = (status === 200 && /<code id="receipt">([^<]*)/.exec(text)) || [];
    expect(refusal(await user.complete({ state: late.state, receipt: after }))).toEqual(STATE_INVALID);
    expect([tokenRequests(), await user.own()]).toEqual([0, []]);
  });

  it('stores nothing when its user is erased while the provider answers', async () => {
    const user = connector('erased-meanwhile');
    const { state } = await user.begin();
    const receipt = await receiptFor(keyhold, { state, code: 'code-1' });
    let erasing: Promise<Reply> | undefined;
    provider.answer('/acme/token', () => {
      erasing = user.erase();
      return { body: { access_token: 'a', token_type: 'bearer' } };
    });
    const [completed] = [await user.complete({ state, receipt }), await erasing];
    // In either order the user has no credential.
    expect(await user.own()).toEqual([]);
    expect([201, 400, 409]).toContain(completed.status);
  });
});

describe('two planes', () => {
  it('share states: a back end can complete for its user, and for no other', async () => {
    const [front, back] = [makeConnector(keyhold, 'user', 'both'), makeConnector(keyhold, 'runtime', 'both')];
    const { state } = await front.begin();
    const receipt = await receiptFor(keyhold, { state, code: 'code-1' });
    const wrong = makeConnector(keyhold, 'runtime', 'somebody-else');
    expect(refusal(await wrong.complete({ state, receipt }))).toEqual(STATE_INVALID);
    expect((await back.complete({ state, receipt })).status).toBe(201);
    expect((await front.own()).length).toBe(1);
  });

  it('refuse a state of kind external', async () => {
    const opened = { provider: 'acme', scopes: ['read'] };
    const { json } = await keyhold.worker.call('POST', '/v1/users/exchanger/oauth-states', opened);
    const user = makeConnector(keyhold, 'runtime', 'exchanger');
    expect((await comeBack(keyhold, { state: json.token, code: 'x' })).status).toBe(400);
    expect(refusal(await user.complete({ state: json.token, code: 'x' }))).toEqual(STATE_INVALID);
    const { state } = await user.begin();
    const consume = { token: state, provider: 'acme' };
    const consumed = await keyhold.worker.call('POST', '/v1/users/exchanger/oauth-states/consume', consume);
    expect(refusal(consumed)).toEqual(STATE_INVALID);
    const receipt = await receiptFor(keyhold, { state, code: 'code-1' });
    expect((await user.complete({ state, receipt })).status).toBe(201);
  });
});
