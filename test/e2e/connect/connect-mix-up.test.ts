// Two providers, one of them malicious: a code never reaches the other's token endpoint (RFC 9700 §4.4), and a callback that
// names another issuer than the record's is refused (RFC 9207). The state stays usable in both cases.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Keyhold } from '../../support/http/local-server.ts';
import { makeConnector, PLANES, receiptFor, refusal, startConnecting } from '../../support/providers/connect-flow.ts';
import { type MisbehavingProvider, startMisbehavingProvider } from '../../support/providers/misbehaving-provider.ts';

const STATE_INVALID = [400, 'state_invalid'];
const ISSUER = 'https://issuer.example.com';
const CALLBACK = 'https://app.example.com/oauth/back?app=1';

let provider: MisbehavingProvider;
let keyhold: Keyhold;
beforeAll(async () => {
  provider = await startMisbehavingProvider();
  const providers = {
    honest: provider.entry('honest'),
    evil: provider.entry('evil'),
    named: provider.entry('named', { issuer: ISSUER }),
    strict: provider.entry('strict', { issuer: ISSUER, authorizationResponseIssParameterSupported: true }),
  };
  keyhold = await startConnecting(providers, { ALLOWED_CALLBACK_URLS: CALLBACK });
});
beforeEach(() => provider.reset());
afterAll(async () => {
  await keyhold.stop();
  provider.close();
});

const codesAt = (name: string) => provider.requests(`/${name}/token`).map(({ form }) => form.code);

describe.each(PLANES)('a code on the %s plane', (plane) => {
  const connector = (name: string) => makeConnector(keyhold, plane, `${name}-${plane}`);

  it('goes to the provider of its state, with its client, redirect URI and verifier', async () => {
    const user = connector('each');
    for (const name of ['honest', 'evil']) {
      const { state, url } = await user.begin({ provider: name });
      const receipt = await receiptFor(keyhold, { state, code: `code-of-${name}` });
      await user.complete({ state, receipt });
      const [request] = provider.requests(`/${name}/token`);
      const { code_verifier: verifier = '', ...form } = request?.form ?? {};
      expect(form).toEqual({
        grant_type: 'authorization_code',
        code: `code-of-${name}`,
        redirect_uri: url.searchParams.get('redirect_uri'),
        client_id: `client-of-${name}`,
        client_secret: `secret-of-${name}`,
      });
      expect(verifier).toMatch(/^[\w-]{128}$/);
      expect(url.searchParams.get('code_challenge')).toBe(createHash('sha256').update(verifier).digest('base64url'));
      expect(url.searchParams.get('code_challenge_method')).toBe('S256');
    }
    expect(provider.requests()).toHaveLength(2);
  });

  it('received with one state cannot be completed with another', async () => {
    const user = connector('crossed');
    const [honest, evil] = [await user.begin({ provider: 'honest' }), await user.begin({ provider: 'evil' })];
    const honestReceipt = await receiptFor(keyhold, { state: honest.state, code: 'code-of-honest' });
    const evilReceipt = await receiptFor(keyhold, { state: evil.state, code: 'code-of-evil' });
    expect(refusal(await user.complete({ state: evil.state, receipt: honestReceipt }))).toEqual(STATE_INVALID);
    expect(refusal(await user.complete({ state: honest.state, receipt: evilReceipt }))).toEqual(STATE_INVALID);
    expect(provider.requests()).toEqual([]);
    expect((await user.complete({ state: honest.state, receipt: honestReceipt })).status).toBe(201);
    expect((await user.complete({ state: evil.state, receipt: evilReceipt })).json.provider).toBe('evil');
    expect([codesAt('honest'), codesAt('evil')]).toEqual([['code-of-honest'], ['code-of-evil']]);
  });

  const WRONG = [
    'https://issuer.example.com/',
    'https://ISSUER.example.com',
    'http://issuer.example.com',
    'https://evil.example.com',
    'https://issuer.example.com%00',
    ' https://issuer.example.com',
  ];

  it.each([
    ...WRONG.map((iss) => ['named', iss] as const),
    ...WRONG.map((iss) => ['strict', iss] as const),
    ['strict', undefined] as const,
  ])('of the provider %s is not exchanged when the issuer is %j', async (name, iss) => {
    const user = connector('issuer');
    const { state } = await user.begin({ provider: name });
    const back = { state, code: 'code-1', ...(iss !== undefined && { iss }) };
    const receipt = await receiptFor(keyhold, back);
    expect(refusal(await user.complete({ state, receipt }))).toEqual(STATE_INVALID);
    expect(refusal(await user.complete({ state, receipt }))).toEqual(STATE_INVALID);
    const own = await user.begin({ provider: name, callbackUrl: CALLBACK });
    const brought = { ...back, state: own.state };
    expect(refusal(await user.complete(brought))).toEqual(STATE_INVALID);
    expect(provider.requests()).toEqual([]);
    // The state was not consumed: the right issuer still completes it.
    expect((await user.complete({ ...brought, iss: ISSUER })).status).toBeLessThan(300);
    expect(codesAt(name)).toEqual(['code-1']);
  });

  it.each([
    ['named', ISSUER],
    ['named', undefined],
    ['strict', ISSUER],
    ['honest', 'https://whatever.example.com'],
  ])('of the provider %s is exchanged when the issuer is %j', async (name, iss) => {
    const user = connector(`good-issuer-${name}`);
    const { state } = await user.begin({ provider: name });
    const receipt = await receiptFor(keyhold, { state, code: 'code-1', ...(iss !== undefined && { iss }) });
    expect((await user.complete({ state, receipt })).status).toBeLessThan(300);
    expect(codesAt(name)).toEqual(['code-1']);
  });
});

describe('an application’s own callback page', () => {
  it('is in the URL as allowed, and its flow completes with the code only', async () => {
    const user = makeConnector(keyhold, 'user', 'own-page');
    const { state, url } = await user.begin({ provider: 'honest', callbackUrl: CALLBACK });
    expect(url.searchParams.get('redirect_uri')).toBe(CALLBACK);
    expect((await keyhold.anonymous.call('GET', `/v1/oauth/callback?state=${state}&code=x`)).status).toBe(400);
    expect((await keyhold.anonymous.call('GET', `/v1/oauth/callback?state=${state}&error=access_denied`)).status).toBe(
      400,
    );
    expect(refusal(await user.complete({ state, receipt: 'x' }))).toEqual(STATE_INVALID);
    expect(provider.requests()).toEqual([]);
    expect((await user.complete({ state, code: 'code-1' })).status).toBe(201);
    expect(provider.requests('/honest/token').map(({ form }) => [form.code, form.redirect_uri])).toEqual([
      ['code-1', CALLBACK],
    ]);
    expect(refusal(await user.complete({ state, code: 'code-1' }))).toEqual(STATE_INVALID);
  });

  it("cannot complete a flow of the service's callback with a code", async () => {
    const user = makeConnector(keyhold, 'user', 'not-own-page');
    const { state } = await user.begin({ provider: 'honest' });
    const receipt = await receiptFor(keyhold, { state, code: 'code-1' });
    expect(refusal(await user.complete({ state, code: 'code-1' }))).toEqual(STATE_INVALID);
    expect(provider.requests()).toEqual([]);
    expect((await user.complete({ state, receipt })).status).toBe(201);
  });
});
