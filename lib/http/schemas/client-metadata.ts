// This deployment as an OAuth client, in the names of RFC 7591 §2.
import * as z from 'zod';

/** The client metadata document (draft-ietf-oauth-client-id-metadata-document). */
export const ClientMetadataDocument = z
  .object({
    client_id: z.url().meta({ description: 'The URL of this document. Authorization servers compare it as text.' }),
    client_name: z.string().meta({ description: 'What a consent page shows (setting `CONNECT_PAGE_NAME`).' }),
    redirect_uris: z.array(z.url()).meta({ description: 'The address of the OAuth callback.' }),
    grant_types: z.array(z.string()).meta({ description: 'What tokens are asked for with.' }),
    response_types: z.array(z.string()).meta({ description: 'What the callback receives.' }),
    token_endpoint_auth_method: z
      .literal('none')
      .meta({ description: 'A client without a secret; PKCE is always used.' }),
    application_type: z
      .enum(['web', 'native'])
      .meta({ description: '`native` only where the callback is on loopback (OpenID Connect Registration §2).' }),
  })
  .meta({ id: 'ClientMetadataDocument' });
