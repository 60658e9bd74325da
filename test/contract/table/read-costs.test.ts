// What a call costs at the table does not grow with the number of the user's credentials; only the list does, and less than the
// rows themselves.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { dynamodbUserStore } from '../../../lib/adapters/dynamodb/dynamodb-user-store.ts';
import { cryptoRandom } from '../../../lib/adapters/runtime/crypto-random.ts';
import type { StoredCredential } from '../../../lib/domain/credential/credential.ts';
import { addCredential } from '../../../lib/operations/credential/add-credential.ts';
import { listCredentials } from '../../../lib/operations/credential/list-credentials.ts';
import { type ResolveCredential, resolveCredential } from '../../../lib/operations/refresh/resolve-credential.ts';
import { findMergeTarget } from '../../../lib/steps/connect/merge-target.ts';
import { memoryDeps } from '../../support/memory/memory-deps.ts';
import { knownProvider } from '../../support/memory/memory-oauth.ts';
import { countReads } from '../../support/table/count-reads.ts';
import { adding, storedCredential, uniqueToken, userWrite } from '../../support/table/stored.ts';
import { openTestTable } from '../../support/table/test-engine.ts';

const { name } = await openTestTable();
/** Without the short time-outs of the real client, so that a busy machine is no fault. */
const table = {
  name,
  client: DynamoDBDocumentClient.from(new DynamoDBClient(), { marshallOptions: { removeUndefinedValues: true } }),
};
const deps = memoryDeps({ users: dynamodbUserStore(table), random: cryptoRandom });
const { measure } = countReads(table);

const SIZES = [1, 10, 100, 350];
const CHUNK = 50;

/** About as large as an ordinary key's row. */
const SEALED = 's'.repeat(400);

type Row = Partial<StoredCredential>;

/** A user whose first credential can be opened, with `size` credentials in all. */
const createUser = async (size: number, row: (index: number) => Row): Promise<string> => {
  const userId = uniqueToken();
  await addCredential(deps, { userId, credential: { id: 'first', type: 'api_key', provider: 'openai', apiKey: 'k' } });
  const createdAt = deps.clock.now() + 1;
  const others = Array.from({ length: size - 1 }, (_, index) =>
    adding(storedCredential({ userId, id: `c${index}`, createdAt, sealed: SEALED, ...row(index) })),
  );
  for (let from = 0; from < others.length; from += CHUNK) {
    await deps.users.write(userId, userWrite(others.slice(from, from + CHUNK)));
  }
  return userId;
};

const SHAPES: [string, (index: number) => Row][] = [
  ['of many providers', (index) => ({ provider: `provider-${index}` })],
  ['of one provider', () => ({ provider: 'openai' })],
  ['of another provider, host-scoped', () => ({ provider: 'x', type: 'host_scoped', host: 'b.example.com' })],
];

const resolve = (userId: string, request: Partial<ResolveCredential>) =>
  resolveCredential(deps, { userId, scopes: [], ...request });

/** The same user of each size for tests that only read. */
const sharedUsers = (row: (index: number) => Row) => {
  const users = new Map<number, Promise<string>>();
  return (size: number): Promise<string> => {
    const user = users.get(size) ?? createUser(size, row);
    users.set(size, user);
    return user;
  };
};

describe.each(SHAPES)('beside credentials %s', (_, row) => {
  const userOf = sharedUsers(row);

  it.each(SIZES)('the first of %i is resolved by provider with one request and two units', async (size) => {
    const userId = await userOf(size);
    expect(await measure(() => resolve(userId, { provider: 'openai' }))).toEqual({ requests: ['Query'], units: 2 });
  });

  it.each(SIZES)('no credential of the provider is found among %i with one request', async (size) => {
    const userId = await userOf(size);
    const refused = async () =>
      expect(await resolve(userId, { provider: 'none' }).catch(({ code }) => code)).toBe('not_connected');
    expect(await measure(refused)).toEqual({ requests: ['Query'], units: expect.toSatisfy((units) => units <= 2) });
  });
});

describe('among host-scoped credentials of many domains', () => {
  it.each(SIZES)('one of %i is resolved by URL with one request and two units', async (size) => {
    const hostScoped = (index: number): Row => ({
      provider: 'x',
      type: 'host_scoped',
      host: `*.host-${index}.example`,
    });
    const userId = await createUser(size, hostScoped);
    const header = { id: 'h', type: 'host_scoped', provider: 'x', host: 'a.example.com', headers: { a: 'b' } } as const;
    await addCredential(deps, { userId, credential: header });
    const costs = await measure(() => resolve(userId, { url: 'https://a.example.com/' }));
    expect(costs).toEqual({ requests: ['Query'], units: 2 });
  });

  it.each(SIZES)(
    'the second of its domain of %i, as the first is for another host, takes three requests',
    async (size) => {
      const userId = await createUser(size, (index) => ({
        provider: 'x',
        type: 'host_scoped',
        host: `*.host-${index}.example`,
      }));
      const header = { type: 'host_scoped', provider: 'x', headers: { a: 'b' } } as const;
      await addCredential(deps, { userId, credential: { ...header, id: 'a', host: 'b.example.com' } });
      await addCredential(deps, { userId, credential: { ...header, id: 'h', host: 'a.example.com' } });
      const costs = await measure(() => resolve(userId, { url: 'https://a.example.com/' }));
      expect(costs).toEqual({ requests: ['Query', 'Query', 'GetItem'], units: 4 });
    },
  );
});

describe('among credentials of many providers', () => {
  const ofManyProviders = (index: number): Row => ({ provider: `provider-${index}` });
  const { provider, profile } = knownProvider();
  const client = { provider, profile, clientId: 'client-1', clientSecret: null };
  const merge = { client, credentialId: null, accountId: 'account-1', scopes: [], now: 0 };

  it.each(SIZES)('a host-scoped one of %i is resolved by URL with one request and two units', async (size) => {
    const userId = await createUser(size, ofManyProviders);
    const header = { id: 'h', type: 'host_scoped', provider: 'x', host: 'a.example.com', headers: { a: 'b' } } as const;
    await addCredential(deps, { userId, credential: header });
    const costs = await measure(() => resolve(userId, { url: 'https://a.example.com/' }));
    expect(costs).toEqual({ requests: ['Query'], units: 2 });
  });

  it.each(SIZES)('the second of its provider of %i, as the first has expired, takes three requests', async (size) => {
    const userId = await createUser(size, ofManyProviders);
    const expired = { provider: 'groq', createdAt: 1, expiresAt: 2, sealed: SEALED };
    await deps.users.write(userId, userWrite([adding(storedCredential({ userId, id: 'expired', ...expired }))]));
    await addCredential(deps, { userId, credential: { type: 'api_key', provider: 'groq', apiKey: 'k' } });
    const costs = await measure(() => resolve(userId, { provider: 'groq' }));
    expect(costs).toEqual({ requests: ['Query', 'Query', 'GetItem'], units: 4 });
  });

  it.each(SIZES)('the one of an account of %i is found with three requests and three units', async (size) => {
    const userId = await createUser(size, ofManyProviders);
    const grant = storedCredential({ userId, id: 'g', provider, type: 'oauth2', scopes: [], accountId: 'account-1' });
    await deps.users.write(userId, userWrite([adding(grant)]));
    const find = async () =>
      expect(await findMergeTarget(deps, { ...merge, userId, mayAdd: true })).toMatchObject({ row: {} });
    expect(await measure(find)).toEqual({ requests: ['GetItem', 'Query', 'GetItem'], units: 3 });
  });

  it.each(SIZES)('the list of %i takes two requests, and about half the units of its rows', async (size) => {
    const userId = await createUser(size, ofManyProviders);
    const { requests, units } = await measure(() => listCredentials(deps, { userId }));
    const whole = await measure(() => deps.users.readUser(userId));
    expect(requests).toEqual(['GetItem', 'Query']);
    expect(units).toBeLessThanOrEqual(2 + whole.units / 2);
  });
});
