// The items of an issuer: its cached metadata, and the clients registered there. Metadata that does not parse, or is about another
// issuer than its key, counts as missing. A client's item never does: it may be a newer release's, and grants end with a missing one.
import * as z from 'zod';
import { type Item, withoutNulls } from '../../../domain/credential/rows.ts';
import { AuthorizationServer } from '../../../domain/mcp/authorization-server.ts';
import { endOfUse } from '../../../domain/mcp/discovery/metadata-age.ts';
import { endOfFormerClient } from '../../../domain/mcp/registered-client.ts';
import { ClientAuth } from '../../../domain/oauth/provider-record.ts';
import type {
  CachedServer,
  FormerClientKey,
  RegisteredClient,
  RegisteredClientKey,
} from '../../../domain/ports/issuer-store.ts';
import { PortFault } from '../../../domain/ports/port-fault.ts';
import type { Sealed } from '../../../domain/ports/sealer.ts';
import { formerClientKey, issuerMetadataKey, registeredClientKey } from '../item-keys.ts';
import { ttlSeconds } from '../statements.ts';

/** The sealed document. The time is sealed too: an old row cannot be made a fresh one. */
const MetadataDocument = z.object({ server: AuthorizationServer, readAt: z.int() });

const SealedItem = z.object({ sealed: z.string(), wrappedKey: z.instanceof(Uint8Array) });

const ClientItem = z.object({
  issuer: z.string(),
  redirectUri: z.string(),
  clientId: z.string(),
  origins: z.array(z.string()),
  clientAuth: ClientAuth,
  sealed: z.string().nullable().default(null),
  wrappedKey: z.instanceof(Uint8Array).nullable().default(null),
  secretRev: z.string(),
  expiresAt: z.int().nullable().default(null),
  createdAt: z.int(),
  refusedAt: z.int().nullable().default(null),
  ttl: z.int().nullable().default(null),
});

/** Builds the item of cached metadata, which is removed when it may no longer be used. */
export const metadataItem = ({ server, readAt }: CachedServer, seal: Sealed): Item => ({
  ...issuerMetadataKey(server.issuer),
  ...seal,
  ttl: ttlSeconds(endOfUse(readAt)),
});

/** Parses the seal of an item of cached metadata; null if it has none. */
export const parseMetadataSeal = (item: object | undefined): Sealed | null => SealedItem.safeParse(item).data ?? null;

/** Parses opened metadata; null if it is none of this issuer. */
export const parseMetadata = (issuer: string, document: unknown): CachedServer | null => {
  const { data } = MetadataDocument.safeParse(document);
  return data?.server.issuer === issuer ? data : null;
};

const clientFields = ({ secret, unusedUntil: _, ...client }: RegisteredClient): Item =>
  withoutNulls({ ...client, sealed: secret?.sealed ?? null, wrappedKey: secret?.wrappedKey ?? null });

const expiring = (end: number | null): Item => (end === null ? {} : { ttl: ttlSeconds(end) });

/**
 * Builds the item of a registered client. It expires while no connection was completed with it, and never from then on: grants are
 * refreshed with it, also once its secret has ended.
 */
export const clientItem = (client: RegisteredClient): Item => ({
  ...registeredClientKey(client),
  ...clientFields(client),
  ...expiring(client.unusedUntil),
});

/** Builds the item of a client that is replaced. It is removed some time after its secret has ended, if that has an end. */
export const formerClientItem = (client: RegisteredClient): Item => ({
  ...formerClientKey(client),
  ...clientFields(client),
  ...expiring(endOfFormerClient(client)),
});

/** Another attempt reads the same. */
const unreadable = (): PortFault => new PortFault('unavailable', { retryable: false });

/**
 * Parses the item of a registered client; null: there is none. Throws PortFault on one that does not parse, or is of another issuer or
 * redirect URI.
 */
export const parseClient = (key: RegisteredClientKey, item: object | null | undefined): RegisteredClient | null => {
  if (item === null || item === undefined) return null;
  const { data } = ClientItem.safeParse(item);
  if (data?.issuer !== key.issuer || data.redirectUri !== key.redirectUri) throw unreadable();
  const { sealed, wrappedKey, ttl, ...client } = data;
  const secret = sealed === null || wrappedKey === null ? null : { sealed, wrappedKey };
  return { ...client, secret, unusedUntil: ttl === null ? null : ttl * 1000 };
};

/** Parses the item of a former client; null: there is none. Throws PortFault on one that does not parse, or is another client's. */
export const parseFormerClient = (key: FormerClientKey, item: object | undefined): RegisteredClient | null => {
  const client = parseClient(key, item);
  if (client !== null && client.clientId !== key.clientId) throw unreadable();
  return client && { ...client, unusedUntil: null };
};
