// The request that makes a connect link, and its answer.
import * as z from 'zod';
import { LINK_SECONDS } from '../../domain/link/connect-link.ts';
import { CredentialId, ProviderName, Scopes, Variables } from '../../domain/values/names.ts';

/** The request that makes a link. What it names, the user of the link cannot change. */
export const NewConnectLink = z
  .strictObject({
    provider: ProviderName.meta({ description: 'The only provider that can be connected; omitted: all.' }).optional(),
    mcpServerUrl: z
      .string()
      .min(1)
      .max(2_048)
      .meta({ description: 'The only MCP server that can be connected, in place of `provider`.' })
      .optional(),
    credentialId: CredentialId.meta({
      description: 'The oauth2 credential to reconnect or to give more scopes, and no other.',
    }).optional(),
    scopes: Scopes.meta({
      description: 'The scopes to request, with `provider`, `mcpServerUrl` or `credentialId`.',
    }).optional(),
    variables: Variables.optional(),
    returnUrl: z
      .string()
      .max(8192)
      .meta({
        description: 'Where the page leads in the end. Its origin and path must be on the allow list.',
      })
      .optional(),
    manage: z
      .boolean()
      .meta({
        description: 'Whether the page also shows, renames and disconnects, and stays usable after a success.',
      })
      .optional(),
    expiresInSeconds: z
      .int()
      .min(LINK_SECONDS.min)
      .max(LINK_SECONDS.max)
      .meta({ description: 'How long the link is valid: 60 to 604,800 seconds, 1,800 by default.' })
      .optional(),
  })
  .meta({ id: 'NewConnectLink' });

/** The answer with a link. */
export const ConnectLink = z
  .object({
    url: z.url().meta({ description: 'The page to open in the browser of the user; the fragment is the token.' }),
    expiresAt: z.iso.datetime().meta({ description: 'When the link expires (ISO 8601, UTC).' }),
  })
  .meta({ id: 'ConnectLink' });
