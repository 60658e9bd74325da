// Connecting a device without a browser (RFC 8628) over HTTP: at the demo provider, and at one that counts the requests.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Keyhold } from '../../support/http/local-server.ts';
import {
  decideDeviceAtDemo,
  makeConnector,
  PLANES,
  type Plane,
  refusal,
  startConnecting,
} from '../../support/providers/connect-flow.ts';
import { type MisbehavingProvider, startMisbehavingProvider } from '../../support/providers/misbehaving-provider.ts';

const PENDING = { status: 400, body: { error: 'authorization_pending' } };
const device = (given: object = {}) => ({
  body: {
    device_code: 'device-code-1',
    user_code: 'ABCD-1234',
    verification_uri: 'https://acme.example.com/device',
    interval: 1,
    expires_in: 60,
    ...given,
  },
});

let provider: MisbehavingProvider;
let keyhold: Keyhold;
beforeAll(async () => {
  provider = await startMisbehavingProvider();
  keyhold = await startConnecting({
    acme: provider.entry('acme'),
    browsers: provider.entry('browsers', { deviceAuthorizationEndpoint: undefined }),
  });
});
beforeEach(() => {
  provider.reset();
  provider.answer('/acme/device', device());
});
afterAll(async () => {
  await keyhold.stop();
  provider.close();
});

const polls = () => provider.requests('/acme/token').map(({ form }) => form.device_code);

/** From now on the provider asks for such long pauses that no second poll is due within a test, however slow the machine is. */
const askForLongPauses = () => provider.answer('/acme/device', device({ interval: 300, expires_in: 900 }));

const connector = (name: string, plane: Plane = 'user') => makeConnector(keyhold, plane, `${name}-${plane}`);
const started = async (name: string, plane: Plane = 'user') => {
  const user = connector(name, plane);
  const { status, json } = await user.startDevice({ provider: 'acme' });
  expect(status).toBe(201);
  return { user, state: json.state as string };
};
const pollStatus = async ({ user, state }: Awaited<ReturnType<typeof started>>) =>
  (await user.poll({ state })).json.status;

describe.each(PLANES)('a device on the %s plane', (plane) => {
  it('gets a user code and never the device code', async () => {
    const { status, json, text } = await connector('start', plane).startDevice({ provider: 'acme', scopes: ['write'] });
    expect([status, Object.keys(json).toSorted()]).toEqual([
      201,
      ['expiresAt', 'interval', 'state', 'userCode', 'verificationUri'],
    ]);
    expect(json).toMatchObject({
      userCode: 'ABCD-1234',
      verificationUri: 'https://acme.example.com/device',
      interval: 1,
    });
    expect(json.state).toMatch(/^[\w-]{43}$/);
    expect(text).not.toContain('device-code-1');
    expect(provider.requests('/acme/device').map(({ form }) => form.scope)).toEqual(['write']);
  });

  it('is pending until the user decides, then connected', async () => {
    const user = connector('demo', plane);
    const { json } = await user.startDevice({ provider: 'demo' });
    await decideDeviceAtDemo(json.verificationUriComplete, 'ada');
    const approved = await user.poll({ state: json.state });
    expect(approved.json).toMatchObject({ status: 'approved', credential: { username: 'Ada Lovelace', version: 1 } });
    expect(await user.own()).toEqual([approved.json.credential]);
    expect((await user.poll({ state: json.state })).json).toEqual(approved.json);
    expect(refusal(await connector('other', plane).poll({ state: json.state }))).toEqual([400, 'state_invalid']);
  });

  it('gets denied when the user denies', async () => {
    const user = connector('demo-denied', plane);
    const { json } = await user.startDevice({ provider: 'demo' });
    await decideDeviceAtDemo(json.verificationUriComplete, '');
    for (let times = 0; times < 2; times += 1)
      expect((await user.poll({ state: json.state })).json).toEqual({ status: 'denied', credential: null });
    expect(await user.own()).toEqual([]);
  });

  it('that polls too fast causes no request to the provider', async () => {
    askForLongPauses();
    const flow = await started('fast', plane);
    provider.answer('/acme/token', PENDING);
    expect(await pollStatus(flow)).toBe('pending');
    const early = await Promise.all(Array.from({ length: 10 }, () => pollStatus(flow)));
    expect([early, polls()]).toEqual([Array(10).fill('slow_down'), ['device-code-1']]);
  });

  it('that polls again after the pause causes one more request, and none once it is connected', async () => {
    const flow = await started('again', plane);
    provider.answer('/acme/token', PENDING);
    expect(await pollStatus(flow)).toBe('pending');
    provider.grants('acme');
    await expect.poll(() => pollStatus(flow)).toBe('approved');
    expect([await pollStatus(flow), polls().length]).toEqual(['approved', 2]);
  });

  it('that polls many times at once causes one request and one credential, and no poll is refused', async () => {
    askForLongPauses();
    // Several rounds, since a losing poll must read just while the winner is storing.
    for (let round = 1; round <= 5; round += 1) {
      const flow = await started(`parallel-${round}`, plane);
      const statuses = await Promise.all(Array.from({ length: 20 }, () => pollStatus(flow)));
      expect(statuses).toContain('approved');
      expect(statuses.filter((status) => !['approved', 'pending', 'slow_down'].includes(status))).toEqual([]);
      expect([polls().length, (await flow.user.own()).length]).toEqual([round, 1]);
      expect(await pollStatus(flow)).toBe('approved');
    }
  });

  it.each([
    ['expired_token', 'expired'],
    ['access_denied', 'denied'],
  ])('gets the same answer to every poll after %s', async (error, status) => {
    const flow = await started(error, plane);
    provider.answer('/acme/token', { status: 400, body: { error } });
    expect([await pollStatus(flow), polls().length]).toEqual([status, 1]);
    provider.grants('acme');
    expect([await pollStatus(flow), polls().length, await flow.user.own()]).toEqual([status, 1, []]);
  });

  it.each([
    ['the provider is down', { status: 503 }],
    ['the answer is not JSON', { body: '<html>' }],
    ['the verification URI is a script', device({ verification_uri: 'javascript:alert(1)' })],
  ])('cannot start when %s', async (_, reply) => {
    provider.answer('/acme/device', reply);
    expect(refusal(await connector('rejected', plane).startDevice({ provider: 'acme' }))).toEqual([
      502,
      'provider_rejected',
    ]);
  });

  it('cannot start at a provider without a device flow', async () => {
    const reply = await connector('unsupported', plane).startDevice({ provider: 'browsers' });
    expect(refusal(reply)).toEqual([400, 'device_flow_unsupported']);
  });

  it('has a state that no other route accepts', async () => {
    const { user, state } = await started('kinds', plane);
    const { state: connection } = await user.begin();
    expect(refusal(await user.complete({ state, receipt: 'x' }))).toEqual([400, 'state_invalid']);
    expect(refusal(await user.complete({ state, code: 'x' }))).toEqual([400, 'state_invalid']);
    expect((await keyhold.anonymous.call('GET', `/v1/oauth/callback?state=${state}&code=x`)).status).toBe(400);
    expect(refusal(await user.poll({ state: connection }))).toEqual([400, 'state_invalid']);
    expect([polls(), await user.own()]).toEqual([[], []]);
  });

  it('is not connected to a user who was erased meanwhile', async () => {
    const { user, state } = await started('erased', plane);
    await user.erase();
    expect(refusal(await user.poll({ state }))).toEqual([400, 'state_invalid']);
    expect([polls(), await user.own()]).toEqual([[], []]);
  });
});

describe('a waiting device', () => {
  it('must wait five seconds more when the provider answers slow_down', async () => {
    const flow = await started('slower');
    provider.answer('/acme/token', { status: 400, body: { error: 'slow_down' } });
    const startedAt = Date.now();
    expect(await pollStatus(flow)).toBe('slow_down');
    provider.grants('acme');
    await expect.poll(() => pollStatus(flow), { interval: 250 }).toBe('approved');
    // The interval and five seconds; the service's clock counts from the whole second.
    expect(Date.now() - startedAt).toBeGreaterThan(6_000 - 1_000);
    expect(polls()).toHaveLength(2);
  });

  it('expires when the provider said', async () => {
    provider.answer('/acme/device', device({ expires_in: 1 }));
    const flow = await started('late');
    await sleep(1_050);
    expect([await pollStatus(flow), polls()]).toEqual(['expired', []]);
  });
});
