// A registered client that no connection was completed with: it goes after a month, starts keep it while they may come back, and
// nothing that is in use ever goes with it.
import { describe, expect, it } from 'vitest';
import { notConnectable } from '../../../../lib/domain/mcp/not-connectable.ts';
import { findIssuerClient } from '../../../../lib/steps/mcp/find-issuer-client.ts';
import { authorizationServer } from '../../../support/memory/mcp/memory-discovery.ts';
import { memoryIssuerStore, memoryIssuers } from '../../../support/memory/mcp/memory-issuer-store.ts';
import { memoryRegistrations } from '../../../support/memory/mcp/memory-registrations.ts';
import { memoryDeps } from '../../../support/memory/memory-deps.ts';

const ISSUER = 'https://auth.example';
const REDIRECT = 'https://keyhold.example/v1/oauth/callback';
const PLACE = { issuer: ISSUER, redirectUri: REDIRECT };
const DAY = 86_400_000;

const setUp = () => {
  const [issuers, registrations] = [memoryIssuers(), memoryRegistrations()];
  const deps = memoryDeps({ registrations, issuers: memoryIssuerStore(issuers) });
  const find = async () => {
    const server = authorizationServer(ISSUER);
    return (await findIssuerClient(deps, { server, redirectUri: REDIRECT, resource: 'https://mcp.example' })).clientId;
  };
  const daysLeft = () =>
    [...issuers.clients.values()].map(
      ({ unusedUntil }) => unusedUntil && Math.floor((unusedUntil - deps.clock.now()) / DAY),
    );
  return { deps, issuers, registrations, find, daysLeft };
};

describe('a registered client that is unused', () => {
  it('is used by the next starts, with the same end for half of its time', async () => {
    const { deps, find, daysLeft } = setUp();
    expect([await find(), daysLeft()]).toEqual(['client-1', [30]]);
    deps.clock.advance(14 * DAY);
    expect([await find(), daysLeft()]).toEqual(['client-1', [16]]);
  });

  it('has its end put off by a start that could come back after it', async () => {
    const { deps, find, registrations, daysLeft } = setUp();
    await find();
    deps.clock.advance(30 * DAY - 60_000);
    expect([await find(), daysLeft()]).toEqual(['client-1', [30]]);
    expect(registrations.asked).toHaveLength(1);
  });

  it('counts as missing from its end on, whether or not the table has removed it, and leaves nothing for good', async () => {
    const { deps, find, issuers, daysLeft } = setUp();
    await find();
    deps.clock.advance(31 * DAY);
    expect([await find(), daysLeft()]).toEqual(['client-2', [30]]);
    expect([...issuers.clients.values()].map(({ clientId }) => clientId)).toEqual(['client-2']);
  });

  it('is not used from its end on where its server registers no other', async () => {
    const { deps, find, registrations } = setUp();
    await find();
    deps.clock.advance(31 * DAY);
    registrations.before = async () => {
      throw notConnectable('registration', 'registration_refused');
    };
    await expect(find()).rejects.toMatchObject({ code: 'server_not_connectable' });
  });

  it('is kept for the start that puts off its end at the time when a connection is completed', async () => {
    const { deps, find, daysLeft } = setUp();
    await find();
    deps.clock.advance(20 * DAY);
    const { readClient } = deps.issuers;
    deps.issuers.readClient = async (key) => {
      const client = await readClient(key);
      await deps.issuers.keepClient({ ...PLACE, clientId: 'client-1' });
      return client;
    };
    expect([await find(), daysLeft()]).toEqual(['client-1', [null]]);
  });
});

describe('a registered client that a connection was completed with', () => {
  it('has no end', async () => {
    const { deps, find, daysLeft } = setUp();
    await find();
    await deps.issuers.keepClient({ ...PLACE, clientId: 'client-1' });
    deps.clock.advance(400 * DAY);
    expect([await find(), daysLeft()]).toEqual(['client-1', [null]]);
  });

  it('has none where its server gives the same id again, with another secret: grants are bound to the id', async () => {
    const { deps, find, registrations, daysLeft } = setUp();
    registrations.answers = { clientId: 'the-same', expiresAt: deps.clock.now() + 10 * DAY };
    await find();
    await deps.issuers.keepClient({ ...PLACE, clientId: 'the-same' });
    deps.clock.advance(10 * DAY);
    registrations.answers = { clientId: 'the-same', expiresAt: null };
    expect([await find(), daysLeft()]).toEqual(['the-same', [null]]);
    expect(registrations.asked).toHaveLength(2);
  });
});
