// Builders of credentials, rows, users and HTTP events for tests: each result is valid, and a test names only the fields that
// matter to it.
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { indexKeys } from '../../lib/adapters/dynamodb/index/index-keys.ts';
import type { StoredCredential } from '../../lib/domain/credential/credential.ts';
import type { NewCredential } from '../../lib/domain/credential/new-credential.ts';
import type { Item, ReadableRow, UnreadableRow } from '../../lib/domain/credential/rows.ts';
import type { Deps } from '../../lib/domain/ports/deps.ts';
import type { UserRecord } from '../../lib/domain/ports/user-store.ts';
import { addCredential } from '../../lib/operations/credential/add-credential.ts';
import { type MemoryDeps, memoryDeps } from './memory/memory-deps.ts';
import { findUser } from './memory/memory-table.ts';

type NewOf<T extends NewCredential['type']> = Extract<NewCredential, { type: T }>;

export const ALICE = 'alice';
export const BOB = 'bob';

/** The time at which the clock of memoryDeps() starts. */
export const START = Date.UTC(2030, 0, 1);
export const MINUTE = 60_000;

/** What a caller sends to store an API key. */
export const newApiKey = (given: Partial<NewOf<'api_key'>> = {}): NewOf<'api_key'> => ({
  type: 'api_key',
  provider: 'github',
  apiKey: 'key-1',
  ...given,
});

/** What a caller sends to store user name and password. */
export const newUserPassword = (given: Partial<NewOf<'user_password'>> = {}): NewOf<'user_password'> => ({
  type: 'user_password',
  provider: 'smtp',
  username: 'user-1',
  password: 'password-1',
  ...given,
});

/** What a caller sends to store host headers. */
export const newHostScoped = (given: Partial<NewOf<'host_scoped'>> = {}): NewOf<'host_scoped'> => ({
  type: 'host_scoped',
  provider: 'http',
  host: 'api.example.com',
  headers: { 'x-token': 'header-1' },
  ...given,
});

/** What a worker sends to store OAuth tokens. */
export const newOAuth2 = (given: Partial<NewOf<'oauth2'>> = {}): NewOf<'oauth2'> => ({
  type: 'oauth2',
  provider: 'github',
  accessToken: 'access-1',
  scopes: ['repo'],
  ...given,
});

/** Stores a credential of Alice or another user, through the operation. */
export const stored = (deps: MemoryDeps, credential: NewCredential, userId = ALICE): Promise<StoredCredential> =>
  addCredential(deps, { userId, credential });

/** Alice with these credentials, each created a millisecond after the one before. */
export const userWith = async (
  credentials: readonly NewCredential[],
  given: Parameters<typeof memoryDeps>[0] = {},
): Promise<MemoryDeps> => {
  const deps = memoryDeps(given);
  for (const credential of credentials) {
    await stored(deps, credential);
    deps.clock.advance(1);
  }
  deps.clock.set(START);
  return deps;
};

/** A stored API key of Alice. */
export const credential = (given: Partial<StoredCredential> = {}): StoredCredential => ({
  userId: ALICE,
  id: 'c1',
  provider: 'github',
  type: 'api_key',
  title: null,
  host: null,
  username: null,
  accountId: null,
  scopes: null,
  data: null,
  resource: null,
  expiresAt: null,
  refreshTokenExpiresAt: null,
  hasRefreshToken: false,
  secretStoredAt: START,
  brokenReason: null,
  version: 1,
  secretRev: 'rev-1',
  tokenRev: null,
  accessRev: null,
  sealed: 'sealed-1',
  wrappedKey: new Uint8Array([1, 2, 3]),
  createdAt: START,
  ordinal: 0,
  updatedAt: START,
  usedDay: null,
  dueShard: null,
  dueAt: null,
  ...given,
});

/** The row of such a credential. */
export const readableRow = (given: Partial<StoredCredential> = {}): ReadableRow => {
  const readable = credential(given);
  return {
    readable: true,
    credential: readable,
    rowVersion: { version: readable.version, secretRev: readable.secretRev },
  };
};

/** A row that could not be parsed. */
export const unreadableRow = (given: Partial<UnreadableRow> = {}): UnreadableRow => ({
  readable: false,
  id: 'broken',
  provider: 'github',
  type: 'api_key',
  newerSchema: false,
  createdAt: null,
  ordinal: 0,
  rowVersion: { version: 1, secretRev: 'rev-1' },
  ...given,
});

/** The index key that a release which wrote the item gave it: damage to other attributes leaves it as it is. */
const givenKeys = (id: string, { provider, createdAt, ordinal }: Item): Item =>
  typeof provider === 'string'
    ? indexKeys({
        id,
        provider,
        host: null,
        resource: null,
        createdAt: Number.isSafeInteger(createdAt) ? Number(createdAt) : START,
        ordinal: Number.isSafeInteger(ordinal) ? Number(ordinal) : 0,
      })
    : {};

/** Puts an item into the table unchecked, counted in the user record. */
export const putRawItem = ({ table }: MemoryDeps, id: string, item: Item, userId = ALICE): void => {
  const user = findUser(table, userId);
  const userRecord = user.userRecord ?? { version: 0, count: 0, erasing: null, erasures: 0 };
  user.credentials.set(id, { ...givenKeys(id, item), ...item });
  user.userRecord = { ...userRecord, version: userRecord.version + 1, count: userRecord.count + 1 };
};

/** An item with provider and type that cannot be parsed otherwise. */
export const BROKEN_ITEM: Item = { provider: 'github', type: 'api_key', schemaVersion: 1, version: 4, sealed: 7 };

/** The user record as stored. */
export const userRecord = ({ table }: MemoryDeps, userId = ALICE): UserRecord | null =>
  table.users.get(userId)?.userRecord ?? null;

/** The credential items of a user as stored. */
export const storedItems = ({ table }: MemoryDeps, userId = ALICE): Item[] => [
  ...(table.users.get(userId)?.credentials.values() ?? []),
];

/** Starts an erasure and leaves it under way. */
export const markErasing = (deps: MemoryDeps, userId = ALICE): Promise<unknown> =>
  deps.erasures.beginErasure(userId, { id: 'erasure-1', at: 5 });

/** A copy of everything stored, to check that nothing was written. */
export const snapshot = ({ table }: MemoryDeps): unknown =>
  structuredClone({ users: table.users, states: table.states, links: table.links });

/** A port that throws on every call, for what an operation must not use. */
export const untouchable = <K extends keyof Deps>(name: K): Deps[K] =>
  new Proxy(
    {},
    {
      get: (_, method) => () => {
        throw new Error(`${name}.${String(method)} was called`);
      },
    },
  ) as Deps[K];

interface EventFields {
  routeKey?: string;
  headers?: Record<string, string>;
  /** Sent as JSON, a string as it is. */
  body?: unknown;
  base64?: boolean;
  params?: Record<string, string>;
  query?: Record<string, string>;
  /** The context of the JWT or IAM authorizer; absent without one. */
  authorizer?: object;
}

/** The JWT authorizer's context of a signed-in user. */
export const asUser = (sub: unknown = ALICE): object => ({ jwt: { claims: { sub }, scopes: null } });
/** The IAM authorizer's context of a worker. */
export const asWorker = (): object => ({ iam: { userArn: 'arn:aws:iam::123456789012:role/worker' } });

/** An event as the HTTP API makes it (payload format 2.0). */
export const httpEvent = ({ routeKey = 'GET /v1/health', ...given }: EventFields = {}): APIGatewayProxyEventV2 => {
  const { body, authorizer } = given;
  const [method = '', path = ''] = routeKey.split(' ');
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    headers: { ...json, ...given.headers },
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      domainName: 'api.example',
      domainPrefix: 'api',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      requestId: 'request-1',
      routeKey,
      stage: '$default',
      time: '',
      timeEpoch: START,
      ...(authorizer && { authorizer }),
    },
    isBase64Encoded: given.base64 ?? false,
    ...(given.params && { pathParameters: given.params }),
    rawQueryString: new URLSearchParams(given.query ?? {}).toString(),
    ...(given.query && { queryStringParameters: given.query }),
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  };
};

/** The context of a Lambda invocation with this time left. */
export const lambdaContext = (remainingMilliseconds = 30_000): Context =>
  ({ getRemainingTimeInMillis: () => remainingMilliseconds }) as Context;
