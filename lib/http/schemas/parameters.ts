// Parameters of paths and queries. A query ignores names it does not know.
import * as z from 'zod';
import { CredentialId, ProviderName } from '../../domain/values/names.ts';

/** The documentation of a parameter; its schema says only what is accepted. */
export const parameter = (description: string, example: string | number) => ({ param: { description, example } });

/** The path parameter of routes for one credential. */
export const CredentialParams = z.object({
  id: CredentialId.meta(parameter('The id of the credential.', 'openai-work')),
});

/** The path parameter of routes for one provider. */
export const ProviderParams = z.object({
  provider: ProviderName.meta(parameter('The name of the provider.', 'ayrshare')),
});

/** API Gateway joins a repeated parameter with commas, and no provider has such a name: the list is then empty. */
const OneOrJoined = z.union([z.string(), z.array(z.string()).transform((values) => values.join(','))]);

const asString = OneOrJoined.meta({
  override: ({ jsonSchema }) => {
    delete jsonSchema.anyOf;
    jsonSchema.type = 'string';
  },
});

const PageLimit = z
  .string()
  .regex(/^[1-9]\d{0,3}$/, 'must be 1 to 1000')
  .transform(Number)
  .refine((limit) => limit <= 1000, 'must be 1 to 1000')
  .meta({ override: { type: 'integer', minimum: 1, maximum: 1000 } });

/** The query of a list of credentials: a filter, and a page of at most `limit` (1 to 1000) entries. */
export const ListQuery = z.object({
  provider: asString.optional().meta(parameter('Lists the credentials of this provider only.', 'openai')),
  limit: PageLimit.optional().meta(
    parameter('How many to list at most. Omitted: as many as fit into one answer.', 100),
  ),
  after: z
    .string()
    .max(1024)
    .optional()
    .meta(parameter('`next` of an earlier answer.', 'WyJ1c2VyIiwxODkzNDU2MDAwMDAwLDAsIm9wZW5haS13b3JrIl0')),
});
