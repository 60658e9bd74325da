// The operator changes the client or the token endpoint while grants are stored: each goes with its own client to its own origin, or
// nowhere. And a provider that refuses every grant loses few of them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Keyhold } from '../../support/http/local-server.ts';
import { expectProblem } from '../../support/http/problems.ts';
import { connect, makeConnector, startConnecting } from '../../support/providers/connect-flow.ts';
import { makeHolder, tokenIn, WITHOUT_SWEEP } from '../../support/providers/refresh-flow.ts';
import { type RefreshingProvider, startRefreshingProvider } from '../../support/providers/refreshing-provider.ts';

const RECOVERS_WITHIN = { timeout: 60_000 };
const SECRET = 'secret-of-acme';

let provider: RefreshingProvider;
/** Where the provider moves to. */
let moved: RefreshingProvider;
let keyhold: Keyhold;
const clientsFile = () => join(keyhold.home, 'secrets', 'oauth-clients.json');

/** Changes the operator's entry; it is read with every call. */
const configure = (name: string, entry: object): void => {
  const entries = JSON.parse(readFileSync(clientsFile(), 'utf8'));
  writeFileSync(clientsFile(), JSON.stringify({ ...entries, [name]: entry }));
};

beforeAll(async () => {
  [provider, moved] = await Promise.all([startRefreshingProvider(), startRefreshingProvider()]);
  keyhold = await startConnecting({}, { ...WITHOUT_SWEEP, SECRETS_MAX_AGE_SECONDS: '0' });
});
beforeEach(() => {
  provider.reset();
  provider.grants({ expires_in: 1 });
  moved.reset();
});
afterAll(async () => {
  await keyhold.stop();
  provider.close();
  moved.close();
});

const entryOf = (clientId: string, given: object = {}) => provider.entry({ clientId, ...given });
const OLDER = { olderClients: [{ clientId: 'client-1', clientSecret: SECRET }] };

let users = 0;

/** A user who connected with client-1, and whose token has expired since. */
const connected = async (name: string) => {
  configure(name, entryOf('client-1'));
  const user = makeConnector(keyhold, 'user', `bound-${++users}`);
  expect((await connect(keyhold, user, { provider: name })).status).toBe(201);
  await sleep(1_100);
  return { ...user, resolve: () => user.resolve({ provider: name }) };
};

const clientsSeen = () => provider.refreshes.map(({ form }) => form.client_id);

const viewOf = async (user: { own: () => Promise<{ status: string }[]> }) => (await user.own())[0];

describe('a grant of a client that the operator replaced', () => {
  it('is refreshed with its own client, and a new connection with the new one', async () => {
    const first = await connected('kept');
    configure('kept', entryOf('client-2', OLDER));
    expect((await first.resolve()).status).toBe(200);
    const second = makeConnector(keyhold, 'user', `bound-${++users}`);
    expect((await connect(keyhold, second, { provider: 'kept' })).status).toBe(201);
    await sleep(1_100);
    expect((await second.resolve({ provider: 'kept' })).status).toBe(200);
    expect(clientsSeen()).toEqual(['client-1', 'client-2']);
  });

  it('is sent nowhere when the entry no longer has it, and works again when it has', async () => {
    const user = await connected('dropped');
    configure('dropped', entryOf('client-2'));
    expectProblem(await user.resolve(), 'refresh_unavailable');
    expect(provider.refreshes).toEqual([]);
    expect(await viewOf(user)).toMatchObject({ status: 'active', reason: null });
    expect(keyhold.stdout() + keyhold.stderr()).toContain('grant not sent');
    expect(keyhold.stdout() + keyhold.stderr()).not.toContain(SECRET);
    configure('dropped', entryOf('client-2', OLDER));
    await expect.poll(async () => (await user.resolve()).status, RECOVERS_WITHIN).toBe(200);
    expect(clientsSeen()).toEqual(['client-1']);
  });

  it('is named in the fixed headers of its calls', async () => {
    const fixedHeaders = { 'Client-Id': '{client_id}' };
    const user = await connected('named');
    configure('named', entryOf('client-2', { ...OLDER, fixedHeaders }));
    expect((await user.resolve()).json.headers).toMatchObject({ 'client-id': 'client-1' });
    const worker = await makeHolder(keyhold, provider, { provider: 'named', livesMilliseconds: 3_600_000 });
    expect((await worker.resolve()).json.headers).toMatchObject({ 'client-id': 'client-2' });
  });

  it('is revoked with its own client or not at all', async () => {
    const own = await connected('ended');
    configure('ended', entryOf('client-2', OLDER));
    const remove = async (user: typeof own) => (await user.remove((await user.own())[0].id)).json;
    expect(await remove(own)).toMatchObject({ revoked: true });
    const other = await connected('ended');
    configure('ended', entryOf('client-2'));
    provider.reset();
    expect(await remove(other)).toMatchObject({ revoked: null });
    expect(provider.revoked).toEqual([]);
  });
});

describe('a grant of a provider whose token endpoint is at another origin', () => {
  const at = (given: object) => ({ ...entryOf('client-1', given), tokenEndpoint: `${moved.url}/token` });

  it('is sent to neither, until the operator says that the provider moved', async () => {
    const user = await connected('moved');
    moved.answer({ body: { access_token: 'of-the-new-place', token_type: 'bearer', expires_in: 3600 } });
    configure('moved', at({}));
    expectProblem(await user.resolve(), 'refresh_unavailable');
    expect([...provider.refreshes, ...moved.refreshes]).toEqual([]);
    configure('moved', at({ formerTokenOrigins: [provider.url] }));
    await expect.poll(async () => tokenIn(await user.resolve()), RECOVERS_WITHIN).toBe('of-the-new-place');
    expect([provider.refreshes.length, moved.refreshes.length]).toEqual([0, 1]);
  });
});

describe('a provider that refuses every grant', () => {
  it('loses five of eight at most, and the others work when it accepts them again', async () => {
    configure('refusing', entryOf('client-1'));
    const holders = await Promise.all(
      Array.from({ length: 8 }, () => makeHolder(keyhold, provider, { provider: 'refusing' })),
    );
    provider.answer({ status: 400, body: { error: 'invalid_grant' } });
    const codes = (await Promise.all(holders.map((holder) => holder.resolve()))).map(({ json }) => json.code);
    expect(codes.filter((code) => code === 'reconnect_required').length).toBeLessThanOrEqual(5);
    expect(codes.filter((code) => code === 'refresh_unavailable').length).toBeGreaterThanOrEqual(3);
    provider.answer(null);
    const kept = holders.filter((_, index) => codes[index] === 'refresh_unavailable');
    for (const holder of kept) {
      await expect.poll(async () => (await holder.resolve()).status, RECOVERS_WITHIN).toBe(200);
    }
  });
});
