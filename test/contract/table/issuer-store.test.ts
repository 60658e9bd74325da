// The contract of the issuer store, checked in memory and on the table engine.
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { dynamodbIssuerStore } from '../../../lib/adapters/dynamodb/issuer/dynamodb-issuer-store.ts';
import { formerClientKey, issuerMetadataKey, registeredClientKey } from '../../../lib/adapters/dynamodb/item-keys.ts';
import type { AuthorizationServer } from '../../../lib/domain/mcp/authorization-server.ts';
import type { RegisteredClient } from '../../../lib/domain/ports/issuer-store.ts';
import { PortFault } from '../../../lib/domain/ports/port-fault.ts';
import { ServiceError } from '../../../lib/domain/values/service-error.ts';
import { memoryIssuerStore } from '../../support/memory/mcp/memory-issuer-store.ts';
import { memorySealer } from '../../support/memory/memory-sealer.ts';
import { uniqueToken } from '../../support/table/stored.ts';
import { openTestTable } from '../../support/table/test-engine.ts';

const table = await openTestTable();
const sealer = memorySealer();
const worlds = [
  { name: 'memory', store: memoryIssuerStore() },
  { name: 'dynamodb', store: dynamodbIssuerStore(table, sealer) },
];

const READ_AT = 1_893_456_000_000;
const newIssuer = (): string => `https://auth.example.com/${uniqueToken()}`;

const server = (given: Partial<AuthorizationServer> = {}): AuthorizationServer => ({
  issuer: newIssuer(),
  authorizationEndpoint: 'https://auth.example.com/authorize',
  tokenEndpoint: 'https://auth.example.com/token',
  revocationEndpoint: null,
  deviceAuthorizationEndpoint: null,
  registrationEndpoint: 'https://auth.example.com/register',
  clientAuthMethods: ['none'],
  acceptsMetadataDocuments: true,
  namesIssuer: false,
  offersPkce: true,
  scopesSupported: null,
  grantTypes: [],
  ...given,
});

const client = (given: Partial<RegisteredClient> = {}): RegisteredClient => ({
  issuer: newIssuer(),
  redirectUri: 'https://keyhold.example.com/oauth/callback',
  clientId: uniqueToken(),
  origins: ['https://auth.example.com'],
  clientAuth: 'client_secret_basic',
  secret: { sealed: 'sealed', wrappedKey: new Uint8Array([1, 2, 3]) },
  secretRev: uniqueToken(),
  expiresAt: READ_AT + 1000,
  createdAt: READ_AT,
  refusedAt: null,
  unusedUntil: null,
  ...given,
});

describe.each(worlds)('issuer store: $name', ({ store }) => {
  it('reads the metadata that was written last, of this issuer only', async () => {
    const first = server();
    await store.writeCachedServer({ server: first, readAt: READ_AT });
    expect(await store.readCachedServer(first.issuer)).toEqual({ server: first, readAt: READ_AT });
    const second = { server: { ...first, namesIssuer: true }, readAt: READ_AT - 1 };
    await store.writeCachedServer(second);
    expect(await store.readCachedServer(first.issuer)).toEqual(second);
    expect(await store.readCachedServer(`${first.issuer}/`)).toBeNull();
  });

  it('reads a client with and without a secret and an end, by issuer and redirect URI', async () => {
    for (const row of [client(), client({ secret: null, expiresAt: null, clientAuth: 'none' })]) {
      expect(await store.putClient(row, null)).toEqual(row);
      expect(await store.readClient(row)).toEqual(row);
      expect(await store.readClient({ ...row, redirectUri: `${row.redirectUri}/` })).toBeNull();
      expect(await store.readClient({ ...row, issuer: `${row.issuer}/` })).toBeNull();
    }
  });

  it('keeps one client of many that are put at once, and gives it to all', async () => {
    const key = client();
    const rows = Array.from({ length: 20 }, () => client({ issuer: key.issuer }));
    const results = await Promise.all(rows.map((row) => store.putClient(row, null)));
    const stored = await store.readClient(key);
    expect(new Set(results.map(({ clientId }) => clientId))).toEqual(new Set([stored?.clientId]));
    expect(results.every((result) => result.secretRev === stored?.secretRev)).toBe(true);
  });

  it('replaces the client that is named, once', async () => {
    const first = client();
    await store.putClient(first, null);
    const [second, third] = [client({ issuer: first.issuer }), client({ issuer: first.issuer })];
    expect(await store.putClient(second, first)).toEqual(second);
    expect(await store.putClient(third, first)).toEqual(second);
    expect(await store.readClient(first)).toEqual(second);
  });

  it('keeps each client that was replaced, by its id, with all of it', async () => {
    const first = client({ refusedAt: READ_AT + 1 });
    const second = client({ issuer: first.issuer, secret: null, expiresAt: null, clientAuth: 'none' });
    const third = client({ issuer: first.issuer });
    await store.putClient(first, null);
    await store.putClient(second, first);
    await store.putClient(third, second);
    expect(await store.readFormerClient(first)).toEqual(first);
    expect(await store.readFormerClient(second)).toEqual(second);
    expect(await store.readFormerClient(third)).toBeNull();
    expect(await store.readFormerClient({ ...first, issuer: `${first.issuer}/` })).toBeNull();
    expect(await store.readFormerClient({ ...first, redirectUri: `${first.redirectUri}/` })).toBeNull();
  });

  it('keeps no client that was not replaced', async () => {
    const [first, other] = [client(), client()];
    await store.putClient(first, null);
    const refused = { ...other, issuer: first.issuer };
    expect(await store.putClient(client({ issuer: first.issuer }), refused)).toEqual(first);
    expect(await store.readFormerClient(refused)).toBeNull();
    expect(await store.readFormerClient(first)).toBeNull();
  });

  it('gives a replacement to all that replace at once, and keeps one former client', async () => {
    const first = client();
    await store.putClient(first, null);
    const rows = Array.from({ length: 10 }, () => client({ issuer: first.issuer }));
    const put = async (row: RegisteredClient): Promise<RegisteredClient> => {
      // Transactions on one row can conflict: the service repeats them.
      for (;;) {
        const result = await store.putClient(row, first).catch((error) => {
          if (error instanceof PortFault && error.kind === 'busy') return null;
          throw error;
        });
        if (result) return result;
      }
    };
    const results = await Promise.all(rows.map(put));
    const stored = await store.readClient(first);
    expect(new Set(results.map(({ clientId }) => clientId))).toEqual(new Set([stored?.clientId]));
    expect(await store.readFormerClient(first)).toEqual(first);
  });

  it('replaces a client by the same id with another secret, once, and keeps no former one', async () => {
    const first = client();
    const [second, third] = [1, 2].map((life) =>
      client({ ...first, secretRev: uniqueToken(), expiresAt: READ_AT + life }),
    );
    if (!second || !third) throw new Error('two clients');
    await store.putClient(first, null);
    expect(await store.putClient(second, first)).toEqual(second);
    expect(await store.putClient(third, first)).toEqual(second);
    expect(await store.readFormerClient(first)).toBeNull();
  });

  it('notes a refusal on the present client that it names, and on no other', async () => {
    const first = client();
    await store.noteRefusedClient(first, READ_AT + 1);
    expect(await store.readClient(first)).toBeNull();
    await store.putClient(first, null);
    await store.noteRefusedClient({ ...first, clientId: 'another' }, READ_AT + 2);
    expect(await store.readClient(first)).toEqual(first);
    await store.noteRefusedClient(first, READ_AT + 3);
    expect(await store.readClient(first)).toEqual({ ...first, refusedAt: READ_AT + 3 });
    const second = client({ issuer: first.issuer });
    await store.putClient(second, { ...first, refusedAt: READ_AT + 3 });
    await store.noteRefusedClient(first, READ_AT + 4);
    expect(await store.readClient(first)).toEqual(second);
    expect(await store.readFormerClient(first)).toEqual({ ...first, refusedAt: READ_AT + 3 });
  });

  it('keeps an unused client that is named, and no other', async () => {
    const first = client({ unusedUntil: READ_AT });
    await store.keepClient(first);
    expect(await store.readClient(first)).toBeNull();
    await store.putClient(first, null);
    expect(await store.readClient(first)).toEqual(first);
    await store.keepClient({ ...first, clientId: 'another' });
    expect(await store.readClient(first)).toEqual(first);
    for (const _ of [1, 2]) {
      await store.keepClient(first);
      expect(await store.readClient(first)).toEqual({ ...first, unusedUntil: null });
    }
  });

  it('puts off the end of an unused client, and not of one that is kept meanwhile', async () => {
    const first = client({ unusedUntil: READ_AT });
    await store.putClient(first, null);
    const later = { ...first, unusedUntil: READ_AT + 1000 };
    expect(await store.putClient(later, first)).toEqual(later);
    expect(await store.putClient({ ...first, unusedUntil: READ_AT + 2000 }, first)).toEqual(later);
    await store.keepClient(first);
    const kept = { ...first, unusedUntil: null };
    expect(await store.putClient({ ...first, unusedUntil: READ_AT + 3000 }, later)).toEqual(kept);
    expect(await store.putClient(client({ issuer: first.issuer }), later)).toEqual(kept);
    expect(await store.readClient(first)).toEqual(kept);
    expect(await store.readFormerClient(first)).toBeNull();
  });

  it('stores the replacement of a client that is gone', async () => {
    const row = client();
    expect(await store.putClient(row, client({ issuer: row.issuer }))).toEqual(row);
    expect(await store.readClient(row)).toEqual(row);
  });

  it('gives the same client when a put is repeated', async () => {
    const row = client();
    expect(await store.putClient(row, null)).toEqual(row);
    expect(await store.putClient(row, null)).toEqual(row);
  });
});

describe('the issuer store on rows that it cannot use', () => {
  const store = dynamodbIssuerStore(table, sealer);
  const put = (item: Record<string, unknown>) =>
    table.client.send(new PutCommand({ TableName: table.name, Item: item }));

  const sealed = (issuer: string, document: unknown) => sealer.seal({ purpose: 'issuer_metadata', issuer }, document);

  it('reads metadata of another issuer under the key of this one as missing, sealed for either', async () => {
    const [mine, other] = [server(), server()];
    for (const { issuer } of [mine, other]) {
      await put({ ...issuerMetadataKey(mine.issuer), ...(await sealed(issuer, { server: other, readAt: READ_AT })) });
      expect(await store.readCachedServer(mine.issuer)).toBeNull();
    }
  });

  it('reads metadata that does not parse as missing', async () => {
    const { issuer } = server();
    await put({ ...issuerMetadataKey(issuer), ...(await sealed(issuer, { server: { issuer }, readAt: READ_AT })) });
    expect(await store.readCachedServer(issuer)).toBeNull();
  });

  it('reads metadata that a writer of the table made as missing: without a seal, under one of its own, or of another purpose', async () => {
    const forged = server({ tokenEndpoint: 'https://elsewhere.example/token' });
    const { issuer } = forged;
    const document = { server: forged, readAt: READ_AT };
    const context = {
      purpose: 'issuer_client',
      issuer,
      redirectUri: 'r',
      clientId: 'c',
      origins: [],
      secretRev: '1',
    } as const;
    const rows = [
      document,
      { sealed: JSON.stringify(document), wrappedKey: new Uint8Array([1, 2, 3]) },
      await sealer.seal(context, document),
    ];
    for (const row of rows) {
      await put({ ...issuerMetadataKey(issuer), ...row });
      expect(await store.readCachedServer(issuer)).toBeNull();
    }
  });

  it('does not read an old row as a newer one', async () => {
    const old = server();
    await store.writeCachedServer({ server: old, readAt: READ_AT });
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: issuerMetadataKey(old.issuer) }),
    );
    await put({ ...Item, readAt: READ_AT * 2, ttl: READ_AT });
    expect(await store.readCachedServer(old.issuer)).toMatchObject({ readAt: READ_AT });
  });

  it('says that the key service fails, and does not take the metadata for missing', async () => {
    const cached = { server: server(), readAt: READ_AT };
    await store.writeCachedServer(cached);
    const fail = async () => Promise.reject(new ServiceError('keys_unavailable'));
    const failing = dynamodbIssuerStore(table, { ...sealer, seal: fail, open: fail });
    await expect(failing.readCachedServer(cached.server.issuer)).rejects.toMatchObject({ code: 'keys_unavailable' });
    await expect(failing.writeCachedServer(cached)).rejects.toMatchObject({ code: 'keys_unavailable' });
  });

  const UNREADABLE = { name: 'PortFault', kind: 'unavailable', retryable: false };

  it('reads a client of another issuer under the key of this one as a fault, and does not overwrite it', async () => {
    const [mine, other] = [client(), client()];
    const { secret: _, ...fields } = other;
    await put({ ...registeredClientKey(mine), ...fields });
    await expect(store.readClient(mine)).rejects.toMatchObject(UNREADABLE);
    await expect(store.putClient(mine, null)).rejects.toMatchObject(UNREADABLE);
  });

  it('reads a client that a newer release wrote as a fault, present or former: it is not missing', async () => {
    const mine = client();
    const { secret: _, ...fields } = { ...mine, clientAuth: 'tls_client_auth' };
    await put({ ...registeredClientKey(mine), ...fields });
    await put({ ...formerClientKey(mine), ...fields });
    await expect(store.readClient(mine)).rejects.toMatchObject(UNREADABLE);
    await expect(store.readFormerClient(mine)).rejects.toMatchObject(UNREADABLE);
  });

  it('reads a former client of another id under the key of this one as a fault', async () => {
    const [mine, other] = [client(), client()];
    const { secret: _, ...fields } = { ...other, issuer: mine.issuer };
    await put({ ...formerClientKey(mine), ...fields });
    await expect(store.readFormerClient(mine)).rejects.toMatchObject(UNREADABLE);
  });

  const readTtl = async (Key: Record<string, unknown>): Promise<unknown> => {
    const command = new GetCommand({ TableName: table.name, Key, ConsistentRead: true });
    return (await table.client.send(command)).Item?.ttl;
  };

  it('removes a former client a month after its secret has ended, and one without an end never', async () => {
    const replaceClient = async (row: RegisteredClient): Promise<unknown> => {
      await store.putClient(row, null);
      await store.putClient(client({ issuer: row.issuer }), row);
      return readTtl(formerClientKey(row));
    };
    const end = (READ_AT + 1000) / 1000 + 30 * 86_400;
    expect(await replaceClient(client())).toBe(end);
    expect(await replaceClient(client({ unusedUntil: READ_AT }))).toBe(end);
    expect(await replaceClient(client({ expiresAt: null }))).toBeUndefined();
    expect(await replaceClient(client({ expiresAt: null, unusedUntil: READ_AT }))).toBe(READ_AT / 1000);
  });

  it('removes a registered client that is unused, and a kept one never', async () => {
    const row = client({ unusedUntil: READ_AT });
    await store.putClient(row, null);
    expect(await readTtl(registeredClientKey(row))).toBe(READ_AT / 1000);
    await store.keepClient(row);
    expect(await readTtl(registeredClientKey(row))).toBeUndefined();
  });
});
