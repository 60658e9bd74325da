// The endpoints that were found when a flow was started, sealed for its completion. The state itself is sealed under a token that its user
// knows: only this seal shows that the endpoints were found here, and so may get the operator's secret.
import { issuerMetadataContext } from '../../domain/credential/seal-context.ts';
import { GrantServer } from '../../domain/mcp/grant-server.ts';
import { FoundEndpoints, type SealedEndpoints } from '../../domain/oauth/connection-state.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { OAuthClient } from '../../domain/ports/oauth-protocol.ts';
import type { KnownProvider } from '../../domain/ports/provider-directory.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { completeProvider } from '../credential/complete-provider.ts';

type SealDeps = Pick<Deps, 'sealer'>;

/** Seals what was found at the start of a flow. Throws `keys_unavailable`. */
export const sealEndpoints = async ({ sealer }: SealDeps, found: FoundEndpoints): Promise<SealedEndpoints> => {
  const { sealed, wrappedKey } = await sealer.seal(issuerMetadataContext(found.endpoints.issuer), found);
  return { sealed, wrappedKey: Buffer.from(wrappedKey).toString('base64url') };
};

/** As `sealEndpoints`, for a provider that the operator names by its issuer; null: the record has the endpoints itself. */
export const sealClientEndpoints = async (
  deps: SealDeps,
  { profile }: OAuthClient,
): Promise<SealedEndpoints | null> => {
  const { issuerEndpoints: endpoints, authorizationResponseIssParameterSupported: namesIssuer } = profile;
  return endpoints && sealEndpoints(deps, { endpoints, namesIssuer });
};

/** null: nothing was sealed, or not by this deployment for that issuer. Throws `keys_unavailable`. */
const openEndpoints = async (
  { sealer }: SealDeps,
  issuer: string,
  seal: SealedEndpoints | null,
): Promise<FoundEndpoints | null> => {
  if (seal === null) return null;
  try {
    const wrappedKey = new Uint8Array(Buffer.from(seal.wrappedKey, 'base64url'));
    const { data } = FoundEndpoints.safeParse(
      await sealer.open(issuerMetadataContext(issuer), { sealed: seal.sealed, wrappedKey }),
    );
    return data?.endpoints.issuer === issuer ? data : null;
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'credential_unreadable') return null;
    throw error;
  }
};

/**
 * Completes a provider that the operator names by its issuer with what the start of the flow found; without that, by the metadata. Throws
 * `keys_unavailable`, `server_not_connectable`.
 */
export const completeByFlow =
  (deps: SealDeps, seal: SealedEndpoints | null) =>
  async (known: KnownProvider): Promise<KnownProvider> => {
    const { fromIssuer, ...complete } = known;
    const found = fromIssuer ? await openEndpoints(deps, known.profile.issuer ?? '', seal) : null;
    const profile = found && fromIssuer?.recall(found.endpoints);
    if (!found || !profile) return completeProvider(known);
    return { ...complete, profile: { ...profile, authorizationResponseIssParameterSupported: found.namesIssuer } };
  };

/** The server of a flow, and whether this deployment found its endpoints, whatever the state says. Throws `keys_unavailable`. */
export const checkFlowServer = async (
  deps: SealDeps,
  server: GrantServer,
  seal: SealedEndpoints | null,
): Promise<GrantServer> => {
  const found = server.client === 'operator' ? await openEndpoints(deps, server.issuer, seal) : null;
  const { tokenEndpoint, revocationEndpoint } = found?.endpoints ?? {};
  const foundHere = tokenEndpoint === server.tokenEndpoint && revocationEndpoint === server.revocationEndpoint;
  return GrantServer.parse({ ...server, foundHere });
};
