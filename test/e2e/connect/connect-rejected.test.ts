// A faulty token endpoint: one answer to the application, the state consumed, nothing stored, the client's secret sent nowhere
// else.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Keyhold } from '../../support/http/local-server.ts';
import {
  connect,
  makeConnector,
  PLANES,
  receiptFor,
  refusal,
  startConnecting,
} from '../../support/providers/connect-flow.ts';
import {
  type MisbehavingProvider,
  type PlainReply,
  startMisbehavingProvider,
} from '../../support/providers/misbehaving-provider.ts';

const STATE_INVALID = [400, 'state_invalid'];
const REJECTED = [502, 'provider_rejected'];
const TIMEOUT_MILLISECONDS = 700;

let provider: MisbehavingProvider;
let keyhold: Keyhold;
beforeAll(async () => {
  provider = await startMisbehavingProvider();
  const providers = {
    acme: provider.entry('acme'),
    down: provider.entry('down', { tokenEndpoint: 'http://127.0.0.1:1/token' }),
    private: provider.entry('private', { tokenEndpoint: 'http://192.168.0.1/token' }),
    broken: { clientId: 7 },
    nested: provider.entry('nested', { tokenReplyPath: 'authed_user' }),
  };
  keyhold = await startConnecting(providers, { PROVIDER_TIMEOUT_MS: String(TIMEOUT_MILLISECONDS) });
});
beforeEach(() => provider.reset());
afterAll(async () => {
  await keyhold.stop();
  provider.close();
});

const token = (fields: object) => ({ body: { access_token: 'a', token_type: 'bearer', ...fields } });
const redirectTo = (status: number): PlainReply => ({ status, headers: { location: '/elsewhere/token' } });
const BAD_REPLIES: [what: string, reply: PlainReply, expected: unknown][] = [
  ['500', { status: 500 }, REJECTED],
  ['503 with Retry-After', { status: 503, headers: { 'retry-after': '1' } }, REJECTED],
  ['429', { status: 429 }, REJECTED],
  ['HTML', { body: '<!doctype html><title>Welcome</title>', headers: { 'content-type': 'text/html' } }, REJECTED],
  ['nothing', { body: '' }, REJECTED],
  ['a list', { body: [{ access_token: 'a', token_type: 'bearer' }] }, REJECTED],
  ['204', { status: 204, body: '' }, REJECTED],
  ['a redirect of the POST (307)', redirectTo(307), REJECTED],
  ['a redirect (308)', redirectTo(308), REJECTED],
  ['a redirect (302)', redirectTo(302), REJECTED],
  ['invalid_grant', { status: 400, body: { error: 'invalid_grant' } }, REJECTED],
  ['invalid_client', { status: 401, body: { error: 'invalid_client' } }, REJECTED],
  ['an error with status 200', { body: { error: 'bad_verification_code', access_token: 'a' } }, REJECTED],
  ['ok: false with status 200', { body: { ok: false, error: 'invalid_code' } }, REJECTED],
  ['an error as a form', { body: 'error=bad_verification_code&error_description=x' }, REJECTED],
  ['no token', { body: { token_type: 'bearer' } }, REJECTED],
  ['an empty token', token({ access_token: '' }), REJECTED],
  ['a token that is a number', token({ access_token: 7 }), REJECTED],
  ['a token with a line break', token({ access_token: 'a\r\nx-admin: 1' }), REJECTED],
  ['a token with NUL', token({ access_token: 'a\u0000b' }), REJECTED],
  ['a token of 20 KB', token({ access_token: 'a'.repeat(20_000) }), REJECTED],
  ['a token bound to a key', token({ token_type: 'DPoP' }), REJECTED],
  ['a body of 2 MB', token({ filler: 'x'.repeat(2_000_000) }), REJECTED],
  ['access_denied', { status: 400, body: { error: 'access_denied' } }, [400, 'connection_denied']],
];

describe.each(PLANES)('a token endpoint that answers, on the %s plane,', (plane) => {
  it.each(BAD_REPLIES)('%s gives no credential, and the state is consumed', async (what, reply, expected) => {
    const user = makeConnector(keyhold, plane, `rejected-${BAD_REPLIES.findIndex(([name]) => name === what)}-${plane}`);
    const { state } = await user.begin();
    const receipt = await receiptFor(keyhold, { state, code: 'code-1' });
    provider.answer('/acme/token', reply);
    const refused = await user.complete({ state, receipt });
    expect(refusal(refused)).toEqual(expected);
    if (refused.status >= 500) expect(refused.json).not.toHaveProperty('detail');
    provider.grants('acme');
    expect(refusal(await user.complete({ state, receipt }))).toEqual(STATE_INVALID);
    expect(provider.requests().map(({ path }) => path)).toEqual(['/acme/token']);
    expect(await user.own()).toEqual([]);
  });
});

describe('a provider', () => {
  const user = (name: string) => makeConnector(keyhold, 'user', name);

  it('that is down gives no credential, and the state is consumed', async () => {
    const { state } = await user('down').begin({ provider: 'down' });
    const receipt = await receiptFor(keyhold, { state, code: 'code-1' });
    expect(refusal(await user('down').complete({ state, receipt }))).toEqual(REJECTED);
    expect(refusal(await user('down').complete({ state, receipt }))).toEqual(STATE_INVALID);
  });

  it('that never answers gets a timeout', async () => {
    const { state } = await user('silent').begin();
    const receipt = await receiptFor(keyhold, { state, code: 'code-1' });
    provider.answer('/acme/token', { silent: true });
    const began = performance.now();
    expect(refusal(await user('silent').complete({ state, receipt }))).toEqual(REJECTED);
    expect(performance.now() - began).toBeLessThan(TIMEOUT_MILLISECONDS + 25_000);
    expect(provider.requests()).toHaveLength(1);
  });

  it('whose reply has the token in another place gives no credential', async () => {
    provider.answer('/nested/token', token({ ok: true }));
    expect(refusal(await connect(keyhold, user('nested'), { provider: 'nested' }))).toEqual(REJECTED);
  });

  it.each(['private', 'broken'])('whose entry is %s is left out, and the others still work', async (name) => {
    expect(refusal(await user('left-out').start({ provider: name }))).toEqual([404, 'provider_unknown']);
    expect((await connect(keyhold, user(`beside-${name}`))).status).toBe(201);
  });

  it('that fails leaves earlier credentials unchanged', async () => {
    const held = await connect(keyhold, user('kept'));
    const before = await user('kept').resolve({ provider: 'acme' });
    const { state } = await user('kept').begin({ credentialId: held.json.id });
    const receipt = await receiptFor(keyhold, { state, code: 'code-2' });
    provider.answer('/acme/token', { status: 400, body: { error: 'invalid_grant' } });
    expect(refusal(await user('kept').complete({ state, receipt }))).toEqual(REJECTED);
    expect((await user('kept').resolve({ provider: 'acme' })).json).toEqual(before.json);
  });
});
