// Finds the client for a connection that is started: the operator's where it is meant for the server, else the metadata document, else a
// registered one. It needs no secret and opens none. Only starting a connection comes here; what completes, refreshes and revokes uses
// find-grant-server-client.ts.
import type { ClientSource } from '../../domain/mcp/authorization-server.ts';
import { chooseOperatorAuth } from '../../domain/mcp/client-auth.ts';
import { metadataDocumentUrl, ownRedirectUri } from '../../domain/mcp/client-metadata.ts';
import type { ClientAuth } from '../../domain/oauth/provider-record.ts';
import type { ClientToRegister } from '../../domain/ports/client-registration.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { findLentEntry } from './operator-client.ts';
import { type RegistrationDeps, registerOnce } from './register-once.ts';

/** A client, without its secret. */
export interface IssuerClient {
  clientId: string;
  clientAuth: ClientAuth;
  source: ClientSource;
}

/** Where a client is needed: at this authorization server, for the tokens of this resource. */
export interface ServerToConnect extends ClientToRegister {
  resource: string;
}

const findOperatorClient = async (
  deps: Pick<Deps, 'providers'>,
  { server: { issuer, clientAuthMethods }, resource }: ServerToConnect,
): Promise<IssuerClient | null> => {
  const entry = await findLentEntry(deps, { issuer, resource });
  if (entry === undefined) return null;
  const { clientId, clientSecret } = entry.client;
  const chosen = { hasSecret: clientSecret !== null, clientAuth: entry.profile.clientAuth };
  return { clientId, clientAuth: chooseOperatorAuth(clientAuthMethods, chosen), source: 'operator' };
};

/** The document names one redirect URI, and a server reads it over https only. */
const findDocumentClient = (
  { redirects: { publicBaseUrl } }: Pick<Deps, 'redirects'>,
  { server, redirectUri }: ClientToRegister,
): IssuerClient | null => {
  const isUsable = publicBaseUrl.startsWith('https://') && redirectUri === ownRedirectUri(publicBaseUrl);
  if (!server.acceptsMetadataDocuments || !isUsable) return null;
  return { clientId: metadataDocumentUrl(publicBaseUrl), clientAuth: 'none', source: 'document' };
};

/**
 * The client to start a connection with. Throws `server_not_connectable` of step `registration`, `secrets_unavailable`,
 * `keys_unavailable`, and what the store throws.
 */
export const findIssuerClient = async (
  deps: RegistrationDeps & Pick<Deps, 'providers' | 'redirects'>,
  asked: ServerToConnect,
): Promise<IssuerClient> => {
  const known = (await findOperatorClient(deps, asked)) ?? findDocumentClient(deps, asked);
  if (known !== null) return known;
  const { server, redirectUri } = asked;
  const { clientId, clientAuth } = await registerOnce(deps, { server, redirectUri });
  return { clientId, clientAuth, source: 'registered' };
};
