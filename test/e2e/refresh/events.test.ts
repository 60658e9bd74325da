// The events a subscriber receives, through the function that runs on AWS: each change once, without any stored value. A
// failing bus does not affect requests.
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startEventBridge } from '../../../local/aws/eventbridge-stand-in.ts';
import { type Keyhold, startKeyhold } from '../../support/http/local-server.ts';
import { type ProxyMode, startProxy } from '../../support/http/tcp-proxy.ts';
import { connectDemo, makeConnector, startConnecting } from '../../support/providers/connect-flow.ts';
import { bodies, found } from '../../support/secrets/planted-secrets.ts';
import { startEngine } from '../../support/table/test-engine.ts';

interface Event {
  type: string;
  eventId: string;
  change: string;
  userId: string;
  provider: string | null;
  credentialId: string;
  version: number | null;
  occurredAt: string;
}

let keyhold: Keyhold;
beforeAll(async () => {
  keyhold = await startConnecting();
});
afterAll(() => keyhold.stop());

const eventsAt = async (server: Keyhold): Promise<Event[]> =>
  (await server.anonymous.call('GET', '/_local/events')).json.events;

/** Formats an event as `created c1 v1`. */
const said = ({ change, credentialId, version }: Event): string => `${change} ${credentialId} v${version}`;

interface Expecting {
  server?: Keyhold;
  inAnyOrder?: boolean;
}

/** Waits until exactly these events of the user were published. */
const expectSaid = (userId: string, expected: readonly string[], { server = keyhold, inAnyOrder }: Expecting = {}) =>
  expect
    .poll(
      async () => {
        const heard = (await eventsAt(server)).filter((event) => event.userId === userId).map(said);
        return inAnyOrder ? heard.toSorted() : heard;
      },
      { timeout: 60_000 },
    )
    .toEqual(expected);

const key = (id: string, given: object = {}) => ({ type: 'api_key', provider: 'openai', id, apiKey: 'k', ...given });

const userPath = (userId: string) =>
  `/v1/users/${/^[\w.-]+$/.test(userId) ? userId : `~${Buffer.from(userId).toString('base64url')}`}`;

const add = async (userId: string, body: object, server = keyhold): Promise<void> => {
  expect((await server.worker.call('POST', `${userPath(userId)}/credentials`, body)).status).toBe(201);
};

describe('events', () => {
  it('report each change of a credential in order', async () => {
    const alice = keyhold.user('alice');
    const before = Date.now();
    await alice.call('POST', '/v1/me/credentials', key('c1'));
    await alice.call('PATCH', '/v1/me/credentials/c1', { title: 'mine' });
    await alice.call('PUT', '/v1/me/credentials/c1', key('c1', { id: undefined, apiKey: 'k2' }));
    await alice.call('DELETE', '/v1/me/credentials/c1');
    await expectSaid('alice', ['created c1 v1', 'updated c1 v2', 'updated c1 v3', 'deleted c1 v3']);
    const [first] = (await eventsAt(keyhold)).filter(({ userId }) => userId === 'alice');
    expect(first).toEqual({
      type: 'credential.created',
      eventId: expect.any(String),
      change: 'created',
      userId: 'alice',
      provider: 'openai',
      credentialId: 'c1',
      version: 1,
      occurredAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    const occurredAt = Date.parse(first?.occurredAt ?? '');
    expect(occurredAt).toBeGreaterThanOrEqual(before - 1_000);
    expect(occurredAt).toBeLessThanOrEqual(Date.now());
  });

  it('report every change of one edit', async () => {
    for (const id of ['kept', 'changed', 'gone']) await add('editor', key(id));
    const edit = { put: [key('changed', { apiKey: 'k2' }), key('new')], delete: ['gone'] };
    const edited = await keyhold.worker.call('POST', '/v1/users/editor/edit', edit, { 'if-match': '"v3"' });
    expect(edited.status).toBe(200);
    // One transaction: its changes have no order.
    const created = ['created changed v1', 'created gone v1', 'created kept v1', 'created new v1'];
    await expectSaid('editor', [...created, 'deleted gone v1', 'updated changed v2'], { inAnyOrder: true });
  });

  it('report a connected account as created and a reconnected one as updated', async () => {
    const connected = makeConnector(keyhold, 'user', 'connected');
    const { id } = (await connectDemo(keyhold, connected, { as: 'ada' })).json;
    await connectDemo(keyhold, connected, { as: 'ada' });
    await expectSaid('connected', [`created ${id} v1`, `updated ${id} v2`]);
  });

  it('report each credential erased with its user, for any user id', async () => {
    const userId = 'é#1/%23\u{1f511}';
    await add(userId, key('c1'));
    await add(userId, key('c2'));
    expect((await keyhold.worker.call('DELETE', userPath(userId))).status).toBe(200);
    await expectSaid(userId, ['created c1 v1', 'created c2 v1', 'deleted c1 v1', 'deleted c2 v1']);
  });

  it('are not published for managed keys, states, flows, reads and refused writes', async () => {
    const { worker } = keyhold;
    const at = '/v1/users/silent';
    await worker.call('PUT', `${at}/managed-credentials/ayrshare`, { secret: 's' });
    await worker.call('DELETE', `${at}/managed-credentials/ayrshare`);
    const asked = { provider: 'github', scopes: ['repo'] };
    const { token } = (await worker.call('POST', `${at}/oauth-states`, asked)).json;
    const spent = await worker.call('POST', `${at}/oauth-states/consume`, { token, provider: 'github' });
    expect(spent.status).toBe(200);
    await makeConnector(keyhold, 'user', 'silent').begin({ provider: 'demo' });
    await add('silent', key('c1'));
    expect((await worker.call('POST', `${at}/resolve`, { provider: 'openai' })).status).toBe(200);
    expect((await worker.call('POST', `${at}/credentials`, key('c1'))).status).toBe(409);
    await add('silent', key('last'));
    await expectSaid('silent', ['created c1 v1', 'created last v1']);
  });

  it('contain no secret and no other field of a row', async () => {
    const seen = Object.keys(bodies);
    for (const [id, body] of Object.entries(bodies)) await add('careful', { ...body, id });
    for (const id of seen) await keyhold.worker.call('PATCH', `/v1/users/careful/credentials/${id}`, { title: 'x' });
    await expectSaid('careful', [...seen.map((id) => `created ${id} v1`), ...seen.map((id) => `updated ${id} v2`)]);
    const { text, json } = await keyhold.anonymous.call('GET', '/_local/events');
    expect(found(text)).toEqual([]);
    const fields = new Set(json.events.flatMap((event: object) => Object.keys(event)));
    const allowed = 'type eventId change userId provider credentialId version occurredAt';
    expect([...fields].toSorted()).toEqual(allowed.split(' ').toSorted());
    expect(new Set(json.events.map(({ eventId }: Event) => eventId)).size).toBe(json.events.length);
  });
});

describe('a server that starts again', () => {
  it('lists the earlier events once, unchanged', async () => {
    const server = await startKeyhold();
    for (const id of ['c1', 'c2', 'c3']) await add('dora', key(id), server);
    const expected = ['created c1 v1', 'created c2 v1', 'created c3 v1'];
    await expectSaid('dora', expected, { server });
    const before = await eventsAt(server);
    expect(await server.stop()).toBe(0);
    const again = await startKeyhold({ home: server.home });
    onTestFinished(async () => void (await again.stop()));
    await expectSaid('dora', expected, { server: again });
    await add('dora', key('c4'), again);
    await expectSaid('dora', [...expected, 'created c4 v1'], { server: again });
    expect((await eventsAt(again)).slice(0, 3)).toEqual(before);
  });
});

describe('servers that share an engine', () => {
  it('each list the events of all of them', async () => {
    const env = { AWS_ENDPOINT_URL_DYNAMODB: await startEngine() };
    const servers = await Promise.all([startKeyhold({ env }), startKeyhold({ env })]);
    onTestFinished(async () => void (await Promise.all(servers.map((server) => server.stop()))));
    for (const [index, server] of servers.entries()) await add('eve', key(`c${index}`), server);
    for (const server of servers) await expectSaid('eve', ['created c0 v1', 'created c1 v1'], { server });
  });
});

describe.each<ProxyMode>(['refusing', 'hanging'])('a bus that is %s', (mode) => {
  it('fails no request and does not block shutdown; each event is delivered once when the bus is back', async () => {
    const bus = await startEventBridge();
    const proxy = await startProxy(bus.endpoint);
    const env = { AWS_ENDPOINT_URL_EVENTBRIDGE: proxy.url };
    const server = await startKeyhold({ env });
    proxy.set(mode);
    for (const id of ['c1', 'c2']) await add('frank', key(id), server);
    expect((await server.worker.call('DELETE', '/v1/users/frank/credentials/c1')).status).toBe(200);
    // The function has failed at least once.
    await expect.poll(() => server.stderr(), { timeout: 60_000 }).toContain('events not published');
    expect(bus.events()).toEqual([]);
    expect(await server.stop()).toBe(0);

    const again = await startKeyhold({ env, home: server.home });
    onTestFinished(async () => {
      await again.stop();
      proxy.close();
      bus.close();
    });
    await expect.poll(() => again.stderr(), { timeout: 60_000 }).toContain('events not published');
    proxy.set('fine');
    const heard = () => (bus.events() as unknown as Event[]).map(said);
    await expect.poll(heard, { timeout: 60_000 }).toEqual(['created c1 v1', 'created c2 v1', 'deleted c1 v1']);
    const lines = again
      .stderr()
      .split('\n')
      .filter((line) => line.includes('events not published'));
    expect(lines.length).toBeLessThan(20);
    for (const line of lines) expect(line).not.toMatch(/frank|c1|openai/);
  });
});
