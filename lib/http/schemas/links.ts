// The answer of the link plane with what a link allows.
import * as z from 'zod';
import { CredentialView } from '../../domain/credential/credential-view.ts';
import { ProviderView } from '../../domain/oauth/view/provider-view.ts';

const LinkPreset = z
  .object({
    provider: z.string().nullable().meta({ description: 'The only provider that can be connected.' }),
    mcpServerUrl: z.string().nullable().meta({ description: 'The only MCP server that can be connected.' }),
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
    expiresAt: z.iso.datetime().meta({ description: 'When the link expires (ISO 8601, UTC).' }),
  })
  .meta({ id: 'LinkView' });
