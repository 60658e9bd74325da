// A provider that the operator names by its issuer: what the entry leaves out comes from the issuer's metadata (RFC 8414, OpenID
// Connect Discovery). What the entry says itself always wins.
import type { AuthorizationServer } from '../../mcp/authorization-server.ts';
import { hasPlainPath } from '../../mcp/resource-url.ts';
import type { ClientAuth, ProviderRecord } from '../provider-record.ts';
import type { ClientKeys } from './client-keys.ts';
import type { IssuerEndpoints } from './issuer-endpoints.ts';

type Endpoints = Pick<ProviderRecord, 'authorizationEndpoint' | 'tokenEndpoint'>;

/** A record whose issuer's metadata must be read before it can be used. */
export type IssuerRecord = Omit<ProviderRecord, keyof Endpoints> & Partial<Endpoints> & { issuer: string };

/** Whether an entry's fields need the issuer's metadata, and name an issuer that has some: no query, no placeholder. */
export const isIssuerRecord = (record: Partial<ProviderRecord>): record is IssuerRecord => {
  const { issuer, authorizationEndpoint, tokenEndpoint } = record;
  if (issuer === undefined || (authorizationEndpoint !== undefined && tokenEndpoint !== undefined)) return false;
  return !/[?{]/.test(issuer) && hasPlainPath(issuer);
};

/**
 * The record before the metadata is read, for what needs no endpoint: what is listed, and where keys and tokens are placed. Nothing
 * can be sent to its empty endpoints.
 */
export const toUnreadRecord = (record: IssuerRecord): ProviderRecord => ({
  authorizationEndpoint: '',
  tokenEndpoint: '',
  ...record,
});

/** A list that is left out means Basic (RFC 8414 §2). */
const chooseAuth = (methods: readonly string[] | null, { clientSecret, signingKey = null }: ClientKeys): ClientAuth => {
  if (signingKey !== null) return 'private_key_jwt';
  if (clientSecret === null) return 'none';
  const offersPost = methods?.includes('client_secret_post') && !methods.includes('client_secret_basic');
  return offersPost ? 'client_secret_post' : 'client_secret_basic';
};

type ServerPart =
  | 'authorizationEndpoint'
  | 'tokenEndpoint'
  | 'revocationEndpoint'
  | 'deviceAuthorizationEndpoint'
  | 'clientAuthMethods'
  | 'namesIssuer';

/** The whole record. */
export const completeRecord = (
  record: IssuerRecord,
  server: Pick<AuthorizationServer, ServerPart>,
  client: ClientKeys,
): ProviderRecord => ({
  authorizationEndpoint: server.authorizationEndpoint,
  tokenEndpoint: server.tokenEndpoint,
  ...(server.revocationEndpoint !== null && { revocationEndpoint: server.revocationEndpoint }),
  ...(server.deviceAuthorizationEndpoint !== null && {
    deviceAuthorizationEndpoint: server.deviceAuthorizationEndpoint,
  }),
  authorizationResponseIssParameterSupported: server.namesIssuer,
  clientAuth: chooseAuth(server.clientAuthMethods, client),
  ...record,
});

/** The record with the endpoints that a grant keeps: enough to refresh and revoke it, and nothing to start a flow with. */
export const recallRecord = (record: IssuerRecord, endpoints: IssuerEndpoints, client: ClientKeys): ProviderRecord =>
  completeRecord(
    record,
    { ...endpoints, authorizationEndpoint: '', deviceAuthorizationEndpoint: null, namesIssuer: false },
    client,
  );
