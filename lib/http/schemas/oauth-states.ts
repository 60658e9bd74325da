// Requests and answers of OAuth states.
import * as z from 'zod';
import { JsonObject } from '../../domain/values/json-object.ts';
import { boundedText, ProviderName, Scopes } from '../../domain/values/names.ts';

const expiresAt = z.iso.datetime().meta({ description: 'When the state expires (ISO 8601, UTC).' });

/** The request that creates a state. */
export const NewOAuthState = z
  .strictObject({
    provider: ProviderName.meta({ description: 'The provider; consuming must name the same.' }),
    scopes: Scopes.meta({ description: 'The scopes the application requests, at most 200. Kept with the state.' }),
    callbackUrl: z
      .url({ protocol: /^https?$/ })
      .max(2048)
      .meta({
        description:
          'The redirect URI the application uses. The whole URL must be on the allow list. Kept with the state.',
      })
      .optional(),
    metadata: JsonObject.meta({
      description: 'Any JSON object, at most 4,096 bytes and 16 levels. Kept with the state.',
    }).optional(),
    initiatedByApiKeyId: boundedText(256)
      .meta({
        description: 'The API key on whose behalf the flow was started: 1 to 256 characters. Kept with the state.',
      })
      .optional(),
  })
  .meta({ id: 'NewOAuthState' });

/** The answer to a created state: what the authorization request must contain. */
export const CreatedOAuthState = z
  .object({
    token: z.string().meta({ description: 'The `state` parameter to send to the provider. Works once.' }),
    codeChallenge: z.string().meta({ description: 'The `code_challenge` to send to the provider (RFC 7636).' }),
    codeChallengeMethod: z.literal('S256').meta({ description: 'The `code_challenge_method` to send: always S256.' }),
    expiresAt,
  })
  .meta({ id: 'CreatedOAuthState' });

/** The request that consumes a state. */
export const OAuthStateToken = z
  .strictObject({
    token: z.string().meta({ description: 'The `state` that came back from the provider.' }),
    provider: z.string().meta({ description: 'The provider the state was created for.' }),
  })
  .meta({ id: 'OAuthStateToken' });

/** The answer to a consumed state: what it was created with, and the PKCE verifier. Answered once. */
export const ConsumedOAuthState = z
  .object({
    provider: z.string().meta({ description: 'The provider the state was created for.' }),
    scopes: z.array(z.string()).meta({ description: 'The scopes the state was created with.' }),
    codeVerifier: z.string().meta({ description: 'The `code_verifier` for the token request (RFC 7636). Secret.' }),
    callbackUrl: z.string().nullable().meta({ description: 'The redirect URI, or null.' }),
    metadata: JsonObject.nullable().meta({ description: 'The JSON object of the caller, or null.' }),
    initiatedByApiKeyId: z.string().nullable().meta({ description: 'The API key that started the flow, or null.' }),
    expiresAt,
  })
  .meta({ id: 'ConsumedOAuthState' });
