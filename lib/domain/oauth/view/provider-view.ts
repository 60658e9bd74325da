// The public view of a provider: what a user can store or connect, and whether the operator's key is configured.
import * as z from 'zod';
import { CredentialType } from '../../credential/credential.ts';
import { ProviderField, ProviderVariable } from './provider-fields.ts';

const ProviderOAuth = z
  .object({
    configured: z
      .boolean()
      .meta({ description: 'Whether the operator has set an OAuth client, so users can connect.' }),
    defaultScopes: z.array(z.string()).meta({ description: 'The scopes requested when a connection names none.' }),
    device: z.boolean().meta({ description: 'Whether it can be connected with a device code (RFC 8628).' }),
  })
  .meta({ id: 'ProviderOAuth', description: 'How a provider can be connected by OAuth.' });

/** A provider as the list shows it to a user. */
export const ProviderView = z
  .object({
    provider: z.string().meta({ description: 'The name to use in requests, such as `github`.' }),
    displayName: z.string().meta({ description: 'The name to show to people.' }),
    authTypes: z.array(CredentialType).meta({ description: 'The types of credentials this provider takes.' }),
    oauth: ProviderOAuth.nullable().meta({ description: 'OAuth of this provider; null when it has none.' }),
    fields: z.record(z.string(), z.array(ProviderField)).meta({
      description: 'What a person fills in, by the type of credential; a type that is not typed in is absent.',
    }),
    variables: z.array(ProviderVariable).meta({
      description: 'The variables of the URLs of this provider, to send as `variables`; empty: none.',
    }),
    verifiable: z.boolean().meta({
      description:
        'Whether a call is known that tells if a credential of this provider works; without one, a check is `unknown`.',
    }),
    system: z.boolean().meta({ description: 'Whether the operator has set a key of its own that users can use.' }),
  })
  .meta({
    id: 'ProviderView',
    description: 'A provider a user can store a key for or connect to.',
  });
export type ProviderView = z.infer<typeof ProviderView>;
