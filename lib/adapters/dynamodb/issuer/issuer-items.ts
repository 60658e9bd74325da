// The items of an issuer: its cached metadata, and the clients registered there. An item that does not parse, or is about another
// issuer than its key, counts as missing when it is read.
import * as z from 'zod';
import { type Item, withoutNulls } from '../../../domain/credential/rows.ts';
import { AuthorizationServer } from '../../../domain/mcp/authorization-server.ts';
import { endOfUse } from '../../../domain/mcp/discovery/metadata-age.ts';
import { ClientAuth } from '../../../domain/oauth/provider-record.ts';
import type { CachedServer, RegisteredClient, RegisteredClientKey } from '../../../domain/ports/issuer-store.ts';
import { issuerMetadataKey, registeredClientKey } from '../item-keys.ts';
import { ttlSeconds } from '../statements.ts';

const MetadataItem = z.object({ server: AuthorizationServer, readAt: z.int() });

const ClientItem = z.object({
  issuer: z.string(),
  redirectUri: z.string(),
  clientId: z.string(),
  clientAuth: ClientAuth,
  sealed: z.string().nullable().default(null),
  wrappedKey: z.instanceof(Uint8Array).nullable().default(null),
  secretRev: z.string(),
  expiresAt: z.int().nullable().default(null),
  createdAt: z.int(),
});

/** Builds the item of cached metadata, which is removed when it may no longer be used. */
export const metadataItem = ({ server, readAt }: CachedServer): Item => ({
  ...issuerMetadataKey(server.issuer),
  server,
  readAt,
  ttl: ttlSeconds(endOfUse(readAt)),
});

/** Parses the item of cached metadata; null if it is none of this issuer. */
export const parseMetadata = (issuer: string, item: object | undefined): CachedServer | null => {
  const { data } = MetadataItem.safeParse(item);
  return data?.server.issuer === issuer ? data : null;
};

/** Builds the item of a registered client. It never expires: grants are refreshed with it, also once its secret has ended. */
export const clientItem = ({ secret, ...client }: RegisteredClient): Item => ({
  ...registeredClientKey(client),
  ...withoutNulls({ ...client, sealed: secret?.sealed ?? null, wrappedKey: secret?.wrappedKey ?? null }),
});

/** Parses the item of a registered client; null if it is none of this issuer and redirect URI. */
export const parseClient = (key: RegisteredClientKey, item: object | null | undefined): RegisteredClient | null => {
  const { data } = ClientItem.safeParse(item);
  if (data?.issuer !== key.issuer || data.redirectUri !== key.redirectUri) return null;
  const { sealed, wrappedKey, ...client } = data;
  return { ...client, secret: sealed === null || wrappedKey === null ? null : { sealed, wrappedKey } };
};
