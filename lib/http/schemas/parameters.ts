// Parameters of paths and queries. A query ignores names it does not know.
import * as z from 'zod';
import { CredentialId, ProviderName } from '../../domain/values/names.ts';

/** The documentation of a parameter; its schema says only what is accepted. */
export const parameter = (description: string, example: string) => ({ param: { description, example } });

export const CredentialParams = z.object({
  id: CredentialId.meta(parameter('The id of the credential.', 'openai-work')),
});

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

export const ProviderFilter = z.object({
  provider: asString.optional().meta(parameter('Lists the credentials of this provider only.', 'openai')),
});
