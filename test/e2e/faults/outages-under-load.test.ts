// Outages under load: each call is answered with success or 503, nothing is written partly, and the first call after the outage
// succeeds. OUTAGE_SECONDS is the least duration of each.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Service, startBehindProxies } from '../../support/http/behind-proxies.ts';
import { type Lane, type LoadedCall, type SteadyLoad, startLoad } from '../../support/http/steady-load.ts';
import type { ProxyMode } from '../../support/http/tcp-proxy.ts';
import { printFigure } from '../../support/run/figure.ts';

const OUTAGE_MILLISECONDS = 1000 * Number(process.env.OUTAGE_SECONDS ?? 1);
/** How long the service retries: callers do not notice a shorter outage. The last value of Secrets Manager is served on. */
const RETRY_MILLISECONDS = { table: 6_000, kms: 5_000, secrets: Infinity };
/** A hang limit, for one call and for all lanes to make one. */
const HANG_MILLISECONDS = 60_000;
const AFTER_MILLISECONDS = 500;

const { keyhold, proxies, stop } = await startBehindProxies({ MAX_CREDENTIALS_PER_USER: '100000' });

const key = (id: string, apiKey = `secret of ${id}`) => ({ type: 'api_key', provider: 'openai', id, apiKey });
const acknowledged: string[] = [];
const replaced: string[] = [];

const call = (method: string, path: string, body?: object) => keyhold.worker.call(method, `/v1/users/${path}`, body);

const adder =
  (lane: string): Lane =>
  async () => {
    const id = `${lane}-${crypto.randomUUID()}`;
    const reply = await call('POST', 'adders/credentials', key(id));
    if (reply.status === 201) acknowledged.push(id);
    return reply;
  };

const lanes: Record<string, Lane> = {
  'an add': adder('one'),
  'another add': adder('two'),
  'a list': () => call('GET', 'adders/credentials?provider=ollama'),
  'a replacement': async () => {
    const apiKey = crypto.randomUUID();
    const reply = await call('PUT', 'replacer/credentials/kept', key('kept', apiKey));
    // A replacement answered 503 may have been stored.
    if (reply.status === 200) replaced.length = 0;
    replaced.push(apiKey);
    return reply;
  },
  // The newest credential has a data key that is not in the cache.
  'an opening': () => call('GET', `adders/credentials/${acknowledged.at(-1)}`),
  'a system key': () => call('POST', 'anyone/resolve', { provider: 'groq' }),
};

beforeAll(async () => {
  await adder('first')(0);
  await call('POST', 'replacer/credentials', key('kept'));
});
afterAll(stop);

const until = async (load: SteadyLoad, milliseconds: number) => {
  await sleep(milliseconds);
  const since = Date.now();
  const lanesSince = () =>
    new Set(load.calls.filter(({ startedAt }) => startedAt >= since).map(({ lane }) => lane)).size;
  await expect.poll(lanesSince, { timeout: HANG_MILLISECONDS }).toBe(Object.keys(lanes).length);
};

/** An outage of KMS always lasts until callers notice it, of the table only a long one. */
const isNoticed = (service: Service, milliseconds: number): boolean =>
  service === 'kms' || milliseconds > 2 * RETRY_MILLISECONDS[service];

const isSuccess = ({ reply }: LoadedCall) => reply.status < 300;

interface Drill {
  calls: readonly LoadedCall[];
  /** Calls that started after the outage. */
  after: readonly LoadedCall[];
}

const drill = async (service: Service, mode: ProxyMode, milliseconds: number): Promise<Drill> => {
  const load = startLoad(lanes);
  await until(load, 0);
  proxies[service].set(mode);
  await sleep(milliseconds);
  if (isNoticed(service, milliseconds)) {
    const refused = () => load.calls.filter((one) => !isSuccess(one)).length;
    await expect.poll(refused, { timeout: HANG_MILLISECONDS }).toBeGreaterThan(0);
  }
  proxies[service].set('fine');
  const fineAt = Date.now();
  await until(load, AFTER_MILLISECONDS);
  await load.stop();
  return { calls: load.calls, after: load.calls.filter(({ startedAt }) => startedAt > fineAt) };
};

const said = ({ lane, reply }: LoadedCall) => `${lane}: ${reply.status} ${reply.json?.code ?? reply.text}`;

const expectOnlyUnavailable = ({ calls, after }: Drill, code: string) => {
  const refused = calls.filter((one) => !isSuccess(one));
  expect(refused.filter(({ reply }) => reply.status !== 503 || reply.json.code !== code).map(said)).toEqual([]);
  for (const { reply } of refused) expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0);
  const slowest = Math.max(...calls.map(({ milliseconds }) => milliseconds));
  expect(slowest).toBeLessThan(HANG_MILLISECONDS);
  expect(after.filter((one) => !isSuccess(one)).map(said)).toEqual([]);
  return { calls: calls.length, refused: refused.length, slowestMilliseconds: slowest };
};

const expectNoPartialWrite = async () => {
  const { json } = await call('GET', 'adders/credentials?provider=openai');
  const found: string[] = json.credentials.map(({ id }: { id: string }) => id);
  expect(found).toEqual(expect.arrayContaining(acknowledged));
  // No partial write: the version equals the number of stored credentials.
  expect(json.version).toBe(found.length);
  for (const id of found.slice(-20)) {
    expect((await call('GET', `adders/credentials/${id}`)).json.secret).toEqual({ apiKey: `secret of ${id}` });
  }
  expect(replaced).toContain((await call('GET', 'replacer/credentials/kept')).json.secret.apiKey);
};

const DRILLS: [Service, ProxyMode, string][] = [
  ['table', 'refusing', 'store_unavailable'],
  ['table', 'hanging', 'store_unavailable'],
  ['table', 'losing answers', 'store_unavailable'],
  ['kms', 'refusing', 'keys_unavailable'],
  ['kms', 'hanging', 'keys_unavailable'],
  ['secrets', 'refusing', 'no refusal'],
  ['secrets', 'hanging', 'no refusal'],
];

describe.each(DRILLS)('an outage under load: %s, %s', (service, mode, code) => {
  it('causes only 503 answers, and no partial write', { timeout: 240_000 }, async () => {
    const milliseconds = OUTAGE_MILLISECONDS;
    const drilled = await drill(service, mode, milliseconds);
    const counted = expectOnlyUnavailable(drilled, code);
    printFigure(`outage of ${service}, ${mode}`, { seconds: milliseconds / 1000, ...counted });
    await expectNoPartialWrite();
  });
});
