// The cache of metadata: how long an entry is used, where it is looked for, and what happens while a server or the table fails.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { serverCache } from '../../../../lib/adapters/mcp/server-cache.ts';
import type { AuthorizationServer } from '../../../../lib/domain/mcp/authorization-server.ts';
import { defaultServer } from '../../../../lib/domain/mcp/discovery/earlier-revision.ts';
import { notConnectable } from '../../../../lib/domain/mcp/not-connectable.ts';
import { PortFault } from '../../../../lib/domain/ports/port-fault.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { memoryIssuerStore, memoryIssuers } from '../../../support/memory/mcp/memory-issuer-store.ts';

const HOUR = 3_600_000;
const ISSUER = 'https://auth.example.com';
const server = (given: Partial<AuthorizationServer> = {}): AuthorizationServer => ({
  ...defaultServer(ISSUER),
  ...given,
});
const FIRST = server({ tokenEndpoint: `${ISSUER}/first` });
const SECOND = server({ tokenEndpoint: `${ISSUER}/second` });
const UNREACHABLE = notConnectable('authorization_server_metadata', 'unreachable');

let now = 0;
const clock = { now: () => now, elapsed: () => now };
let table = memoryIssuers();
const newProcess = () => serverCache({ issuers: memoryIssuerStore(table), clock });
const giving = (given: AuthorizationServer) => vi.fn(async () => given);
const failing = (error: Error) => vi.fn(() => Promise.reject(error));

beforeEach(() => {
  now = 1_893_456_000_000;
  table = memoryIssuers();
});

describe('the cache of metadata', () => {
  it('asks once in an hour, in this process and in others', async () => {
    const [one, other] = [newProcess(), newProcess()];
    expect(await one(ISSUER, giving(FIRST))).toEqual(FIRST);
    now += HOUR - 1;
    const ask = giving(SECOND);
    expect([await one(ISSUER, ask), await other(ISSUER, ask), await other(ISSUER, ask)]).toEqual([FIRST, FIRST, FIRST]);
    expect(ask).not.toHaveBeenCalled();
  });

  it('asks again after an hour, and keeps the answer for all', async () => {
    const [one, other] = [newProcess(), newProcess()];
    await one(ISSUER, giving(FIRST));
    await other(ISSUER, giving(FIRST));
    now += HOUR;
    expect(await one(ISSUER, giving(SECOND))).toEqual(SECOND);
    const ask = giving(FIRST);
    expect(await other(ISSUER, ask)).toEqual(SECOND);
    expect(ask).not.toHaveBeenCalled();
  });

  it('does not read the table for a fresh entry', async () => {
    const store = memoryIssuerStore(table);
    const cache = serverCache({ issuers: store, clock });
    await cache(ISSUER, giving(FIRST));
    const read = vi.spyOn(store, 'readCachedServer');
    await cache(ISSUER, giving(SECOND));
    expect(read).not.toHaveBeenCalled();
  });

  it('uses the old entry for a day while the server cannot be reached', async () => {
    const cache = newProcess();
    await cache(ISSUER, giving(FIRST));
    now += 24 * HOUR - 1;
    expect(await cache(ISSUER, failing(UNREACHABLE))).toEqual(FIRST);
    expect(await newProcess()(ISSUER, failing(UNREACHABLE))).toEqual(FIRST);
    now += 1;
    await expect(cache(ISSUER, failing(UNREACHABLE))).rejects.toBe(UNREACHABLE);
  });

  it('uses its own old entry where the table has none, or an older one', async () => {
    const [cache, other] = [newProcess(), newProcess()];
    await other(ISSUER, giving(FIRST));
    const before = structuredClone(table.servers);
    now += HOUR;
    await cache(ISSUER, giving(SECOND));
    now += HOUR;
    table.servers.clear();
    expect(await cache(ISSUER, failing(UNREACHABLE))).toEqual(SECOND);
    for (const [issuer, entry] of before) table.servers.set(issuer, entry);
    expect(await cache(ISSUER, failing(UNREACHABLE))).toEqual(SECOND);
  });

  it('does not make an old entry fresh by using it', async () => {
    const cache = newProcess();
    await cache(ISSUER, giving(FIRST));
    now += HOUR;
    await cache(ISSUER, failing(UNREACHABLE));
    expect(await cache(ISSUER, giving(SECOND))).toEqual(SECOND);
  });

  it('does not use the old entry against an answer, nor for a bug', async () => {
    const cache = newProcess();
    await cache(ISSUER, giving(FIRST));
    now += HOUR;
    for (const error of [notConnectable('authorization_server_metadata', 'issuer_mismatch'), new TypeError('bug')])
      await expect(cache(ISSUER, failing(error))).rejects.toBe(error);
  });

  it.each([new PortFault('busy', { retryable: true }), new ServiceError('store_unavailable')])(
    'asks where the table fails: %s',
    async (fault) => {
      const issuers = { readCachedServer: failing(fault), writeCachedServer: failing(fault) };
      const cache = serverCache({ issuers, clock });
      expect(await cache(ISSUER, giving(FIRST))).toEqual(FIRST);
      expect(await cache(ISSUER, giving(SECOND))).toEqual(SECOND);
      expect(await cache(ISSUER, failing(UNREACHABLE))).toEqual(SECOND);
    },
  );

  it('asks again until what it read is stored, for the functions that read the table only', async () => {
    const store = memoryIssuerStore(table);
    const cache = serverCache({ issuers: store, clock });
    vi.spyOn(store, 'writeCachedServer').mockRejectedValueOnce(new PortFault('busy', { retryable: true }));
    await cache(ISSUER, giving(FIRST));
    expect(await store.readCachedServer(ISSUER)).toBeNull();
    expect(await cache(ISSUER, giving(SECOND))).toEqual(SECOND);
    expect(await store.readCachedServer(ISSUER)).toMatchObject({ server: SECOND });
    const ask = giving(FIRST);
    expect(await cache(ISSUER, ask)).toEqual(SECOND);
    expect(ask).not.toHaveBeenCalled();
  });

  it('hides no bug of the store', async () => {
    const bug = new TypeError('bug');
    const issuers = { readCachedServer: failing(bug), writeCachedServer: failing(bug) };
    await expect(serverCache({ issuers, clock })(ISSUER, giving(FIRST))).rejects.toBe(bug);
  });

  it('keeps the 500 entries that were read last in memory', async () => {
    const empty = { readCachedServer: async () => null, writeCachedServer: async () => {} };
    const cache = serverCache({ issuers: empty, clock });
    const read = (index: number, ask = giving(server({ issuer: `${ISSUER}/${index}` }))) =>
      cache(`${ISSUER}/${index}`, ask);
    for (let index = 0; index < 501; index++) await read(index);
    const [again, gone] = [giving(FIRST), giving(FIRST)];
    await read(1, again);
    await read(0, gone);
    expect([again.mock.calls.length, gone.mock.calls.length]).toEqual([0, 1]);
  });
});
