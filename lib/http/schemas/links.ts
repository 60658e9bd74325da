// Requests and answers of connect links.
import * as z from 'zod';
import { CredentialView } from '../../domain/credential/credential-view.ts';
import { LINK_SECONDS } from '../../domain/link/connect-link.ts';
import { ProviderView } from '../../domain/oauth/view/provider-view.ts';
import { CredentialId, ProviderName, Scopes, Variables } from '../../domain/values/names.ts';

/** The request that makes a link. What it names, the user of the link cannot change. */
export const NewConnectLink = z
  .strictObject({
    provider: ProviderName.meta({ description: 'The only provider that can be connected; omitted: all.' }).optional(),
    credentialId: CredentialId.meta({
      description: 'The oauth2 credential to reconnect or to give more scopes, and no other.',
    }).optional(),
    scopes: Scopes.meta({ description: 'The scopes to request, with `provider` or `credentialId`.' }).optional(),
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

const expiresAt = z.iso.datetime().meta({ description: 'When the link expires (ISO 8601, UTC).' });

/** The answer with a link. */
export const ConnectLink = z
  .object({
    url: z.url().meta({ description: 'The page to open in the browser of the user; the fragment is the token.' }),
    expiresAt,
  })
  .meta({ id: 'ConnectLink' });

const LinkPreset = z
  .object({
    provider: z.string().nullable().meta({ description: 'The only provider that can be connected.' }),
    mcpServerUrl: z.string().nullable().meta({ description: 'Always null.' }),
    credentialId: z.string().nullable().meta({ description: 'The only credential that can be reconnected.' }),
    scopes: z.array(z.string()).nullable().meta({ description: 'The scopes that are requested.' }),
    variables: z.record(z.string(), z.string()).nullable().meta({ description: 'Values of variables, as given.' }),
  })
  .meta({ id: 'LinkPreset', description: 'What the link fills in and does not let its user change; null: open.' });

/** The answer with what a link allows. */
export const LinkView = z
  .object({
    manage: z.boolean().meta({ description: 'Whether the link shows, renames and disconnects credentials.' }),
    providers: z.array(ProviderView).meta({ description: 'The providers that the link allows.' }),
    preset: LinkPreset.nullable().meta({ description: 'What the link fills in; null: nothing.' }),
    credentials: z
      .array(CredentialView)
      .nullable()
      .meta({ description: 'With `manage`, the own credentials of the user; else null.' }),
    returnUrl: z.string().nullable().meta({ description: 'Where to lead in the end; null: nowhere.' }),
    expiresAt,
  })
  .meta({ id: 'LinkView' });
