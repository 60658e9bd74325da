// Chooses the client for a grant that is stored. Tokens are sent only with the client that they were issued to, and only while the
// provider's record has the origin that they are bound to: whatever the operator changes, no other client or origin gets them.
import type { OAuth2Secret } from '../../domain/credential/credential.ts';
import { type ClientKeys, pickClientKeys } from '../../domain/oauth/client/client-keys.ts';
import { isTokenOrigin } from '../../domain/oauth/grant-binding.ts';
import { fillTemplate } from '../../domain/oauth/provider-template.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { OAuthClient } from '../../domain/ports/oauth-protocol.ts';
import type { KnownProvider } from '../../domain/ports/provider-directory.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { completeForGrant } from './complete-provider.ts';

/** The part of a grant that decides which client it goes with. */
export type BoundGrant = Pick<OAuth2Secret, 'clientId' | 'tokenOrigin' | 'issuerEndpoints' | 'variables'>;

/** The client of a grant, or why there is none. */
export type GrantClient =
  | { kind: 'found'; client: OAuthClient }
  /** The operator has configured no client. */
  | { kind: 'no_client' }
  /** The grant was issued to a client that the operator's entry names no more. */
  | { kind: 'other_client' }
  /** The record's refresh endpoint is at another origin. */
  | { kind: 'other_origin' };

/** A grant without a client of its own goes with the current one. */
const findKeys = (
  client: NonNullable<KnownProvider['client']>,
  { clientId = client.clientId }: BoundGrant,
): ClientKeys | undefined =>
  [client, ...(client.olderClients ?? [])].find((candidate) => candidate.clientId === clientId);

/** Throws `invalid_request` when the grant's tenant does not match the provider's templates. */
export const chooseClient = ({ provider, profile, client }: KnownProvider, grant: BoundGrant): GrantClient => {
  if (client === null) return { kind: 'no_client' };
  const keys = findKeys(client, grant);
  if (keys === undefined) return { kind: 'other_client' };
  const filled = { provider, profile: fillTemplate(profile, grant.variables ?? {}), ...pickClientKeys(keys) };
  return isTokenOrigin(filled, grant) ? { kind: 'found', client: filled } : { kind: 'other_origin' };
};

/** Whether the entry names only an issuer, at the origin that the grant is bound to: then its metadata need not be read. */
const isAtIssuer = ({ profile, fromIssuer }: KnownProvider, { tokenOrigin }: BoundGrant): boolean =>
  fromIssuer !== undefined && URL.parse(profile.issuer ?? '')?.origin === tokenOrigin;

/**
 * Whether the operator's entry is at another origin than the grant is bound to, or of other tenants, so that its API is another's
 * too. False while the entry cannot be read: then no address of it is answered. True while the issuer that it names does not answer
 * and is at another origin.
 */
export const isBoundElsewhere = async (
  deps: Pick<Deps, 'providers'>,
  provider: string,
  grant: BoundGrant,
): Promise<boolean> => {
  if (grant.tokenOrigin === undefined) return false;
  try {
    const known = await deps.providers.find(provider);
    if (known === undefined || isAtIssuer(known, grant)) return false;
    const { profile: complete } = await completeForGrant(known, grant);
    const profile = fillTemplate(complete, grant.variables ?? {});
    return !isTokenOrigin({ clientId: grant.clientId ?? '', profile }, grant);
  } catch (error) {
    if (error instanceof ServiceError) return error.code !== 'secrets_unavailable';
    throw error;
  }
};

/**
 * The client for a grant, as configured now: another process may have stored it with a newer configuration than this one has cached.
 * Throws `provider_unknown`, `provider_not_configured` (no client, or none that the grant may go with), `invalid_request` (its
 * tenant does not match), `secrets_unavailable`, `server_not_connectable` (the issuer that the entry names does not answer as it must).
 */
export const findGrantClient = async (
  deps: Pick<Deps, 'providers'>,
  provider: string,
  grant: BoundGrant,
): Promise<OAuthClient> => {
  const known = await deps.providers.find(provider);
  if (known === undefined) throw new ServiceError('provider_unknown');
  const cached = chooseClient(await completeForGrant(known, grant), grant);
  if (cached.kind === 'found') return cached.client;
  const present = await deps.providers.findPastCache(provider);
  const chosen = present ? chooseClient(await completeForGrant(present, grant), grant) : cached;
  if (chosen.kind !== 'found') throw new ServiceError('provider_not_configured');
  return chosen.client;
};
