// Credentials, rows and users for tests: each builder gives something in order, and a test names only what matters to it.
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import type { StoredCredential } from '../../lib/domain/credential/credential.ts';
import type { NewCredential } from '../../lib/domain/credential/new-credential.ts';
import type { Item, ReadableRow, UnreadableRow } from '../../lib/domain/credential/rows.ts';
import type { Deps } from '../../lib/domain/ports/deps.ts';
import type { UserRecord } from '../../lib/domain/ports/user-store.ts';
import { addCredential } from '../../lib/operations/credential/add-credential.ts';
import { type MemoryDeps, memoryDeps } from './memory/memory-deps.ts';
import { userOf } from './memory/memory-table.ts';

type NewOf<T extends NewCredential['type']> = Extract<NewCredential, { type: T }>;

export const ALICE = 'alice';
export const BOB = 'bob';

/** The instant at which the clock of memoryDeps() starts. */
export const START = Date.UTC(2030, 0, 1);
export const MINUTE = 60_000;

export const newApiKey = (given: Partial<NewOf<'api_key'>> = {}): NewOf<'api_key'> => ({
  type: 'api_key',
  provider: 'github',
  apiKey: 'key-1',
  ...given,
});

export const newUserPassword = (given: Partial<NewOf<'user_password'>> = {}): NewOf<'user_password'> => ({
  type: 'user_password',
  provider: 'smtp',
  username: 'user-1',
  password: 'password-1',
  ...given,
});

export const newHostScoped = (given: Partial<NewOf<'host_scoped'>> = {}): NewOf<'host_scoped'> => ({
  type: 'host_scoped',
  provider: 'http',
  host: 'api.example.com',
  headers: { 'x-token': 'header-1' },
  ...given,
});

export const newOAuth2 = (given: Partial<NewOf<'oauth2'>> = {}): NewOf<'oauth2'> => ({
  type: 'oauth2',
  provider: 'github',
  accessToken: 'access-1',
  scopes: ['repo'],
  ...given,
});

/** Stores a credential of Alice's (or another user's) as the operation does. */
export const stored = (deps: MemoryDeps, credential: NewCredential, userId = ALICE): Promise<StoredCredential> =>
  addCredential(deps, { userId, credential });

/** A user who has these credentials, each a millisecond after the one before. */
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
  expiresAt: null,
  refreshTokenExpiresAt: null,
  hasRefreshToken: false,
  secretStoredAt: START,
  brokenReason: null,
  version: 1,
  secretRev: 'rev-1',
  tokenRev: null,
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

export const readableRow = (given: Partial<StoredCredential> = {}): ReadableRow => {
  const readable = credential(given);
  return {
    readable: true,
    credential: readable,
    rowVersion: { version: readable.version, secretRev: readable.secretRev },
  };
};

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

/** Puts an item into the table as it is, counted by the user's head. */
export const poison = ({ table }: MemoryDeps, id: string, item: Item, userId = ALICE): void => {
  const user = userOf(table, userId);
  const head = user.head ?? { version: 0, count: 0, erasing: null, erasures: 0 };
  user.credentials.set(id, item);
  user.head = { ...head, version: head.version + 1, count: head.count + 1 };
};

/** An item that says what it is and cannot be read. */
export const BROKEN_ITEM: Item = { provider: 'github', type: 'api_key', schemaVersion: 1, version: 4, sealed: 7 };

export const headOf = ({ table }: MemoryDeps, userId = ALICE): UserRecord | null =>
  table.users.get(userId)?.head ?? null;

export const itemsOf = ({ table }: MemoryDeps, userId = ALICE): Item[] => [
  ...(table.users.get(userId)?.credentials.values() ?? []),
];

/** The user as it stands while an erasure is under way. */
export const markErasing = (deps: MemoryDeps, userId = ALICE): Promise<unknown> =>
  deps.erasures.beginErasure(userId, 'erasure-1');

/** Everything stored of all users, to see that nothing was written. */
export const snapshot = ({ table }: MemoryDeps): unknown =>
  structuredClone({ users: table.users, states: table.states });

/** A port whose every call refuses to be made: what an operation must not touch. */
export const untouchable = <K extends keyof Deps>(name: K): Deps[K] =>
  new Proxy(
    {},
    {
      get: (_, method) => () => {
        throw new Error(`${name}.${String(method)} was called`);
      },
    },
  ) as Deps[K];

interface Asked {
  routeKey?: string;
  headers?: Record<string, string>;
  /** JSON of this, unless it is text. */
  body?: unknown;
  base64?: boolean;
  params?: Record<string, string>;
  query?: Record<string, string>;
  /** Of the JWT authorizer, the IAM authorizer, or neither. */
  authorizer?: object;
}

export const asUser = (sub: unknown = ALICE): object => ({ jwt: { claims: { sub }, scopes: null } });
export const asWorker = (): object => ({ iam: { userArn: 'arn:aws:iam::123456789012:role/worker' } });

/** An event as the HTTP API makes it (payload format 2.0). */
export const httpEvent = ({ routeKey = 'GET /v1/health', ...asked }: Asked = {}): APIGatewayProxyEventV2 => {
  const { body, authorizer } = asked;
  const [method = '', path = ''] = routeKey.split(' ');
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    headers: { ...json, ...asked.headers },
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
    isBase64Encoded: asked.base64 ?? false,
    ...(asked.params && { pathParameters: asked.params }),
    rawQueryString: new URLSearchParams(asked.query ?? {}).toString(),
    ...(asked.query && { queryStringParameters: asked.query }),
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  };
};

/** The context of an invocation with so much time left. */
export const lambdaContext = (remainingMilliseconds = 30_000): Context =>
  ({ getRemainingTimeInMillis: () => remainingMilliseconds }) as Context;
