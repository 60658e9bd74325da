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

/** Documentation only: the chain decodes the segment (domain/values/user-path.ts). */
export const UserSegment = z
  .string()
  .meta(
    parameter(
      'The user id: `~` and its UTF-8 in base64url without padding. An id made of `A–Z a–z 0–9 . _ -` (and not `.` or `..`) ' +
        'may also be written as it is.',
      '~YWxpY2VAZXhhbXBsZS5jb20',
    ),
  );

/** Documentation only: the chain parses the header (chain/read-request.ts). */
export const IfMatch = z
  .string()
  .meta(
    parameter(
      'The version of the user that the caller has seen, as an ETag gave it. Any other present version is a 412.',
      '"v3"',
    ),
  );
