// This deployment as an OAuth client: what its metadata document says, and what it registers with (RFC 7591 §2). Both follow from the
// redirect URI and the name alone, so that every process describes the same client.
import { CALLBACK_PATH, CLIENT_METADATA_PATH } from '../../platform.ts';
import { isLoopbackHost } from '../values/outbound-url.ts';

/** The grants that a connection uses: the code, and then refreshing. */
export const GRANT_TYPES: readonly string[] = ['authorization_code', 'refresh_token'];

/** What people see of the client, and where it receives codes. */
export interface DescribedClient {
  /** Shown on consent pages. */
  name: string;
  redirectUri: string;
}

/** OpenID Connect Registration §2: `web` redirect URIs are not on loopback, `native` ones may be. Omitted, it would count as `web`. */
const applicationType = (redirectUri: string): 'web' | 'native' =>
  isLoopbackHost(URL.parse(redirectUri)?.hostname ?? '') ? 'native' : 'web';

/** The metadata that the document and a registration share. */
export const describeClient = ({ name, redirectUri }: DescribedClient) => ({
  client_name: name,
  redirect_uris: [redirectUri],
  grant_types: GRANT_TYPES,
  response_types: ['code'],
  application_type: applicationType(redirectUri),
});

/** The redirect URI of the service itself. `publicBaseUrl`: without a trailing slash. */
export const ownRedirectUri = (publicBaseUrl: string): string => publicBaseUrl + CALLBACK_PATH;

/** The URL of the metadata document, which is the client's id at every server that accepts one. */
export const metadataDocumentUrl = (publicBaseUrl: string): string => publicBaseUrl + CLIENT_METADATA_PATH;

/**
 * The metadata document (draft-ietf-oauth-client-id-metadata-document §4). It can hold no shared secret, so the client is a public
 * one.
 */
export const metadataDocument = (publicBaseUrl: string, name: string) => ({
  client_id: metadataDocumentUrl(publicBaseUrl),
  ...describeClient({ name, redirectUri: ownRedirectUri(publicBaseUrl) }),
  token_endpoint_auth_method: 'none',
});
