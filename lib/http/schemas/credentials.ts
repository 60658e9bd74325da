// Requests and answers of the credential routes. The view has no field for a secret, so a route that answers it cannot leak one.
import * as z from 'zod';
import { CredentialView } from '../../domain/credential/credential-view.ts';
import { PublicSecret } from '../../domain/credential/public-secret.ts';
import { Title } from '../../domain/values/names.ts';

/** A view with its secret: the answer of the runtime plane only. */
export const Credential = CredentialView.extend({
  secret: PublicSecret.meta({ description: 'The secret; its shape follows from `type`.' }),
  metadata: z.record(z.string(), z.unknown()).nullable().meta({
    description: 'What the caller gave when the credential was made (oauth2 only); null when nothing.',
  }),
}).meta({ id: 'Credential' });

/** The request that renames a credential. */
export const CredentialTitle = z
  .strictObject({ title: Title.meta({ description: 'The new title: 1 to 256 characters, no control characters.' }) })
  .meta({ id: 'CredentialTitle' });

/** One page of a user's credentials. */
export const CredentialList = z
  .object({
    version: z.int().meta({ description: 'The version of the user: 0 when never written, +1 with every change.' }),
    credentials: z.array(CredentialView).meta({ description: 'The credentials, in order.' }),
    providers: z
      .array(z.string())
      .meta({ description: 'Every provider the user can use now, whatever the filter of the request.' }),
    next: z
      .string()
      .meta({ description: 'Send it as `after` for the rest of the list; absent at its end.' })
      .optional(),
  })
  .meta({ id: 'CredentialList' });

/** The answer to a deletion, with what became of the tokens at the provider. */
export const DeletedCredential = z
  .object({
    deleted: z.literal(true).meta({ description: 'Always true.' }),
    revoked: z
      .boolean()
      .nullable()
      .meta({
        description:
          '`true`: the provider revoked the tokens. `false`: it did not, and they may still work there. null: there was nothing ' +
          'to revoke, no way to, or another credential lives on the same grant.',
      }),
    revokedTokens: z
      .array(z.enum(['access_token', 'refresh_token']))
      .meta({ description: 'The tokens that the provider confirmed as revoked.' }),
  })
  .meta({ id: 'DeletedCredential' });
