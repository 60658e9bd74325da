// What a sweep does about places that do not answer in time: those of one user, and those that all grants of a provider share.
import { describe, expect, it } from 'vitest';
import { cryptoRandom } from '../../../../lib/adapters/runtime/crypto-random.ts';
import type { DueCredential } from '../../../../lib/domain/ports/credential-refresh-store.ts';
import { ProviderFault } from '../../../../lib/domain/ports/oauth-protocol.ts';
import { resolveCredential } from '../../../../lib/operations/refresh/resolve-credential.ts';
import { sweepRenewals, sweepUntilDone } from '../../../../lib/operations/refresh/sweep-renewals.ts';
import { MINUTE } from '../../../support/builders.ts';
import { addServer, connected, SERVER, withServer } from '../../../support/mcp/connected-server.ts';
import type { MemoryDeps } from '../../../support/memory/memory-deps.ts';
import { newGrant } from '../../../support/memory/memory-oauth.ts';

const HANGING = 'https://hanging.example';

/** A grant in use of a user at the server of that URL. */
const connect = async (deps: MemoryDeps, userId: string, url: string): Promise<DueCredential> => {
  const refreshToken = `refresh of ${url}`;
  const { id } = await connected(deps, { start: { userId, mcpServerUrl: url }, grant: { refreshToken } });
  await resolveCredential(deps, { userId, credentialId: id, scopes: [] });
  return { userId, credentialId: id, dueAt: 0 };
};

/** A world in which the places below `HANGING` answer nothing within the time of a call, which is a whole run. */
const withHanging = (urls: readonly string[]): MemoryDeps => {
  // So many flows use up what the counting source can tell apart.
  const deps = withServer({}, { random: { ...cryptoRandom, fraction: () => 0.5 } });
  for (const url of urls) addServer(deps, { url });
  const hang = async () => {
    const end = deps.clock.now() + 25_000;
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    if (deps.clock.now() < end) deps.clock.set(end);
  };
  deps.oauth.script.meanwhile = async (call) => {
    if (call.to === 'refresh' && call.client.profile.resource?.startsWith(HANGING)) await hang();
  };
  deps.oauth.script.refreshed = (token) =>
    token.includes(HANGING)
      ? new ProviderFault('transient', { lostAnswer: 'timed_out' })
      : newGrant({ accessToken: 'access-2', expiresInSeconds: 3600 });
  return deps;
};

/** The index names them in this order, in one shard. */
const indexNames = ({ refreshes }: MemoryDeps, credentials: readonly DueCredential[]): void => {
  refreshes.findDue = async (shard) => ({ credentials: shard === 'DUE#0' ? [...credentials] : [], next: null });
};

const callsTo = (deps: MemoryDeps, url: string) =>
  deps.oauth.callsTo('refresh').filter(({ client }) => client.profile.resource?.startsWith(url)).length;

describe('servers of one user that all hang', () => {
  const urls = Array.from({ length: 60 }, (_, index) => `${HANGING}/${index}`);
  const world = async () => {
    const deps = withHanging(urls);
    const grants = [];
    for (const url of urls) grants.push(await connect(deps, 'mallory', url));
    for (let user = 0; user < 20; user++) grants.push(await connect(deps, `user-${user}`, SERVER));
    deps.clock.advance(59 * MINUTE);
    indexNames(deps, grants);
    return deps;
  };

  it('delay the grants of no other user, although the index names them first', async () => {
    const deps = await world();
    expect(await sweepRenewals(deps)).toMatchObject({ refreshed: 20, hasMore: true });
    expect([callsTo(deps, HANGING), callsTo(deps, SERVER)]).toEqual([5, 20]);
  });

  it('are left alone for the rest of the sweep', async () => {
    const deps = await world();
    expect(await sweepUntilDone(deps)).toMatchObject({ refreshed: 20, hasMore: false });
    expect(callsTo(deps, HANGING)).toBe(5);
  });
});

describe('servers of one user that answer', () => {
  it('are all called in one sweep, five at a time', async () => {
    const urls = Array.from({ length: 12 }, (_, index) => `https://fast.example/${index}`);
    const deps = withHanging(urls);
    const grants = [];
    for (const url of urls) grants.push(await connect(deps, 'alice', url));
    deps.clock.advance(59 * MINUTE);
    indexNames(deps, grants);
    expect(await sweepUntilDone(deps)).toMatchObject({ refreshed: 12, hasMore: false });
  });
});

describe('a server that hangs', () => {
  it('gets no call in a later run of the sweep that it was paused in, whoever has grants of it', async () => {
    const deps = withHanging([HANGING]);
    const grants = [];
    for (let user = 0; user < 60; user++) grants.push(await connect(deps, `user-${user}`, HANGING));
    deps.clock.advance(59 * MINUTE);
    indexNames(deps, grants);
    expect(await sweepUntilDone(deps)).toMatchObject({ refreshed: 0, hasMore: false });
    // Those under way when the fifth failed are not taken back.
    expect(callsTo(deps, HANGING)).toBeLessThanOrEqual(10);
  });
});
