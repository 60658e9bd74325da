// docs/storage.md shows an example of every kind of item. Each is parsed and built again with the code that reads and writes the
// table, so the page cannot drift from it.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfiguration } from '../../../../lib/adapters/dynamodb/dynamodb-configuration-store.ts';
import { parseLease } from '../../../../lib/adapters/dynamodb/dynamodb-credential-refresh-store.ts';
import { parseState } from '../../../../lib/adapters/dynamodb/dynamodb-state-store.ts';
import { indexKeys } from '../../../../lib/adapters/dynamodb/index/index-keys.ts';
import {
  clientItem,
  formerClientItem,
  metadataItem,
  parseClient,
  parseFormerClient,
  parseMetadata,
  parseMetadataSeal,
} from '../../../../lib/adapters/dynamodb/issuer/issuer-items.ts';
import { splitItemKey } from '../../../../lib/adapters/dynamodb/item-key.ts';
import * as keys from '../../../../lib/adapters/dynamodb/item-keys.ts';
import { parseLink } from '../../../../lib/adapters/dynamodb/link/dynamodb-link-store.ts';
import { parseUserRecord } from '../../../../lib/adapters/dynamodb/user-record.ts';
import {
  credentialItem,
  type Item,
  managedItem,
  parseCredentialItem,
  parseManagedItem,
  withoutNulls,
} from '../../../../lib/domain/credential/rows.ts';
import { defaultServer } from '../../../../lib/domain/mcp/discovery/earlier-revision.ts';

interface Example {
  kind: string;
  item: Record<string, unknown> & keys.Key;
}

const readExamples = (page: string): Example[] =>
  page
    .split(/^### /m)
    .slice(1)
    .flatMap((section) => {
      const kind = section.slice(0, section.indexOf('\n'));
      return [...section.matchAll(/^```json\n(.*?)^```$/gms)].map(([, text]) => ({
        kind,
        item: parseExample(text ?? ''),
      }));
    });

const parseExample = (text: string): Example['item'] => {
  const item = JSON.parse(text);
  return typeof item.wrappedKey === 'string' ? { ...item, wrappedKey: Buffer.from(item.wrappedKey, 'base64') } : item;
};

/** What the example's seal holds. */
const METADATA = { server: defaultServer('https://auth.example.com'), readAt: 1_893_456_000_000 };

const examples = readExamples(readFileSync('docs/storage.md', 'utf8'));
const userId = 'alice';
const splitKey = (key: string): string[] => splitItemKey(key) ?? [];
const lastPart = (key: string): string => splitKey(key).at(-1) ?? '';

/** Parses the item and builds it again, keys and ttl included. */
const rebuild: Readonly<Record<string, (item: Example['item']) => Item>> = {
  'User record': ({ ttl, ...item }) => {
    const { erasures, ...record } = parseUserRecord(item) ?? { erasures: 0 };
    const erasingSince = item.erasingSince ?? null;
    const fields = withoutNulls({ ...record, erasingSince, erasures: erasures || null, ttl: ttl ?? null });
    return { ...keys.userRecordKey(userId), ...fields };
  },
  'Open-states counter': ({ sk, open, ttl }) => {
    const [, , window, erasures] = splitKey(sk);
    const key = keys.openStatesKey({ userId, window: Number(window), erasures: Number(erasures) });
    return { ...key, open: Number(open), ttl: Number(ttl) };
  },
  Credential: (item) => {
    const id = keys.parseCredentialSortKey(item.sk) ?? '';
    const row = parseCredentialItem(item, { userId, id });
    return row.readable
      ? { ...keys.credentialKey(userId, id), ...indexKeys(row.credential), ...credentialItem(row.credential) }
      : {};
  },
  Lease: (item) => {
    const key = keys.leaseKey({ userId, credentialId: lastPart(item.sk) });
    return { ...key, ...parseLease(item), ttl: Number(item.ttl) };
  },
  'Managed key': (item) => {
    const provider = lastPart(item.sk);
    const row = parseManagedItem(item, { userId, provider });
    return row.readable ? { ...keys.managedKey(userId, provider), ...managedItem(row.managed) } : {};
  },
  'Open flow': ({ sk, ttl }) => ({ ...keys.flowKey(userId, keys.parseFlowSortKey(sk) ?? ''), ttl: Number(ttl) }),
  'OAuth state': (item) => {
    const hash = lastPart(item.pk);
    const { tokenHash, ...state } = parseState(hash, item) ?? { tokenHash: '', expiresAt: 0 };
    return { ...keys.stateKey(tokenHash), ...withoutNulls(state), ttl: Math.ceil(state.expiresAt / 1000) };
  },
  'Links counter': ({ sk, open, ttl }) => {
    const [windowSeconds = 0, window = 0, erasures = 0] = splitKey(sk).slice(2).map(Number);
    return { ...keys.openLinksKey({ userId, windowSeconds, window, erasures }), open: Number(open), ttl: Number(ttl) };
  },
  'Own link': ({ sk, ttl }) => ({ ...keys.ownLinkKey(userId, keys.parseLinkSortKey(sk) ?? ''), ttl: Number(ttl) }),
  'Connect link': (item) => {
    const { tokenHash, ...link } = parseLink(lastPart(item.pk), item) ?? { tokenHash: '', expiresAt: 0 };
    return { ...keys.linkKey(tokenHash), ...withoutNulls(link), ttl: Math.ceil(link.expiresAt / 1000) };
  },
  'Issuer metadata': (item) => {
    const { server } = METADATA;
    const cached = parseMetadata(server.issuer, METADATA);
    const seal = parseMetadataSeal(item);
    return cached && seal ? metadataItem(cached, seal) : {};
  },
  'Registered client': (item) => {
    const client = parseClient({ issuer: String(item.issuer), redirectUri: String(item.redirectUri) }, item);
    return client ? clientItem(client) : {};
  },
  'Former client': (item) => {
    const [issuer = '', redirectUri = '', clientId = ''] = [item.issuer, item.redirectUri, item.clientId].map(String);
    const client = parseFormerClient({ issuer, redirectUri, clientId }, item);
    return client ? formerClientItem(client) : {};
  },
  Configuration: (item) => ({ ...keys.configurationKey, ...parseConfiguration(item) }),
};

describe('docs/storage.md', () => {
  it.each(examples.map((example, index) => [index + 1, example.kind, example.item] as const))(
    'shows an item that the code reads and writes: example %i, %s',
    (_, kind, item) => {
      expect(rebuild[kind]?.(item)).toEqual(item);
    },
  );

  it('shows every kind of item', () => {
    expect([...new Set(examples.map(({ kind }) => kind))]).toEqual(Object.keys(rebuild));
  });

  it.each([
    ['User record', ['erasing', 'ttl']],
    ['Credential', ['brokenReason', 'dueAt', 'tokenRev', 'urlLookup']],
    ['OAuth state', ['pendingCode', 'usedBy', 'outcome']],
    ['Connect link', ['browserHash', 'spentBy']],
    ['Registered client', ['sealed', 'wrappedKey', 'expiresAt', 'refusedAt', 'ttl']],
  ])('shows a %s with and without each of %j', (kind, attributes) => {
    const items = examples.filter((example) => example.kind === kind).map(({ item }) => item);
    for (const attribute of attributes) {
      expect(new Set(items.map((item) => attribute in item))).toEqual(new Set([true, false]));
    }
  });

  it('shows a held lease, one that is backing off, and a refresh that was handed over', () => {
    expect(examples.filter(({ kind }) => kind === 'Lease').map(({ item }) => item.held)).toEqual([true, false, false]);
  });
});
