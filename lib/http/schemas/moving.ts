// Requests and answers of import and export. The document of an import is judged entry by entry in the domain: here it is only an
// object.
import * as z from 'zod';
import {
  ApiKeySecret,
  BrokenReason,
  CredentialType,
  HostScopedSecret,
  UserPasswordSecret,
} from '../../domain/credential/credential.ts';
import { importFormats } from '../../domain/moving/import-document.ts';
import { isRawFields, type RawFields } from '../../domain/moving/judge-credential.ts';
import { type SkipReason, skipReasons } from '../../domain/moving/skip-reason.ts';
import { parameter } from './parameters.ts';

/** The request that imports a document. */
export const ImportRequest = z
  .strictObject({
    format: z.enum(importFormats).meta({
      description:
        '`autogpt`: the decrypted document of AutoGPT’s store of integrations. `keyhold`: a page of an export, or credentials as ' +
        'they are sent to be stored.',
    }),
    // A record would look at each name, and there may be hundreds of thousands.
    document: z.custom<RawFields>(isRawFields, 'must be an object').meta({
      override: { type: 'object', additionalProperties: true },
      description:
        'One user’s document: at most 10,000 entries of at most 128 KB. Unknown fields are ignored. Each entry is judged by itself.',
    }),
  })
  .meta({ id: 'ImportRequest' });

const reasons = Object.keys(skipReasons) as [SkipReason, ...SkipReason[]];
const reasonTexts = Object.entries(skipReasons).map(([reason, text]) => `- \`${reason}\`: ${text}`);

/** The answer to an import: each entry of the document once. */
export const ImportReport = z
  .object({
    imported: z.array(z.string()).meta({
      description: 'The ids that were stored, in the order of the document; `managed/<provider>`, `state/<index>`.',
    }),
    skipped: z
      .array(
        z
          .object({
            id: z.string().meta({
              description:
                'The id of the entry; `credential/<index>` where its own is unusable, `managed/<provider>`, `state/<index>`.',
            }),
            reason: z.enum(reasons).meta({
              id: 'SkipReason',
              description: `Why. Reasons may be added.\n\n${reasonTexts.join('\n')}`,
            }),
          })
          .meta({ id: 'SkippedEntry' }),
      )
      .meta({ description: 'What was not stored, in the order of the document.' }),
  })
  .meta({ id: 'ImportReport' });

const token = (description: string) => z.string().meta({ description });
const values = (description: string) => z.record(z.string(), z.string()).meta({ description });

/** The secret of an `oauth2` credential in an export, as it is sealed. Documentation only: an answer has every field of it. */
const ExportedTokens = z
  .object({
    accessToken: token('The access token.'),
    refreshToken: token('The refresh token; absent when there is none.').optional(),
    metadata: z
      .record(z.string(), z.unknown())
      .meta({ description: 'What the caller gave when it was made.' })
      .optional(),
    variables: values('The values in the URLs of the provider, such as the tenant.').optional(),
    clientId: token('The OAuth client that made the grant, where it is known.').optional(),
    tokenOrigin: token('The origin of the token endpoint that made the grant, where it is known.').optional(),
    issuerEndpoints: z
      .object({
        issuer: token('The issuer that the operator’s entry names.'),
        tokenEndpoint: token('Its token endpoint.'),
        revocationEndpoint: z.string().nullable().meta({ description: 'Its revocation endpoint, or null.' }),
        clientAuthMethods: z
          .array(z.string())
          .nullable()
          .meta({ description: 'How a client with a secret may authenticate there; null: it does not say.' }),
      })
      .meta({
        id: 'ExportedIssuer',
        description:
          'Where the grant is refreshed and revoked, of a provider that is named by its issuer alone. An import ignores it.',
      })
      .optional(),
    data: values('The secret values that came with the grant, such as a webhook.').optional(),
    server: z
      .object({
        issuer: token('The issuer of the authorization server.'),
        authorizationEndpoint: token('Its authorization endpoint.'),
        tokenEndpoint: token('Its token endpoint.'),
        revocationEndpoint: z.string().nullable().meta({ description: 'Its revocation endpoint, or null.' }),
        clientAuth: token('How the client authenticates there.'),
        client: z.enum(['operator', 'document', 'registered']).meta({ description: 'Where the client comes from.' }),
        redirectUri: token('The redirect URI of the client.'),
        resource: token('The MCP server that the tokens are for.'),
        namesIssuer: z.boolean().meta({ description: 'Whether its callbacks name the issuer.' }),
        foundHere: z
          .boolean()
          .meta({ description: 'Whether this deployment found the endpoints itself. An import ignores it.' })
          .optional(),
      })
      .meta({ id: 'ExportedServer', description: 'The MCP server of the tokens; absent for everything else.' })
      .optional(),
  })
  .meta({ id: 'ExportedTokens' });

const text = z.string().nullable();
const time = z.iso.datetime().nullable();

/** A credential in an export, with its whole secret. */
export const ExportedCredential = z
  .object({
    id: z.string().meta({ description: 'The id.' }),
    provider: text.meta({ description: 'The provider. null only when unreadable.' }),
    type: CredentialType.nullable().meta({ description: 'The type. null only when unreadable.' }),
    title: text.meta({ description: 'The title, or null.' }),
    host: text.meta({ description: 'The host pattern (host_scoped only), else null.' }),
    resource: text.meta({ description: 'The MCP server that the tokens are for, or null.' }),
    username: text.meta({ description: 'The account name at the provider (oauth2 only), or null.' }),
    accountId: text.meta({ description: 'The account’s id at the provider (oauth2 only), or null.' }),
    scopes: z.array(z.string()).nullable().meta({ description: 'The granted scopes (oauth2 only), else null.' }),
    data: z
      .record(z.string(), z.string())
      .nullable()
      .meta({ description: 'The variables and what the record of the provider keeps; null when there is none.' }),
    expiresAt: time.meta({ description: 'When the key or access token expires (ISO 8601, UTC), or null.' }),
    refreshTokenExpiresAt: time.meta({ description: 'When the refresh token expires (ISO 8601, UTC), or null.' }),
    secretStoredAt: time.meta({ description: 'When this secret was stored (ISO 8601, UTC).' }),
    reason: BrokenReason.nullable().meta({
      description: 'How the credential is marked as broken, or null; `unreadable` where there is no secret.',
    }),
    createdAt: time.meta({ description: 'When it was created (ISO 8601, UTC).' }),
    ordinal: z.int().meta({ description: 'The order among credentials with the same `createdAt`.' }),
    updatedAt: time.meta({ description: 'When it was last changed (ISO 8601, UTC).' }),
    secret: z.union([ApiKeySecret, UserPasswordSecret, HostScopedSecret, ExportedTokens]).nullable().meta({
      description: 'All that is sealed of it, the refresh token included; null when it cannot be read. Secret.',
    }),
  })
  .meta({ id: 'ExportedCredential' });

/** A page of an export. It is also a document to import. */
export const ExportedUser = z
  .object({
    format: z.literal('keyhold').meta({ description: 'The format to import the page with.' }),
    credentials: z.array(ExportedCredential).meta({ description: 'The credentials, in order of creation.' }),
    managed: z
      .array(
        z
          .object({
            provider: z.string().meta({ description: 'The provider.' }),
            secret: text.meta({ description: 'The key; null when it cannot be read. Secret.' }),
            reason: z
              .literal('unreadable')
              .nullable()
              .meta({ description: '`unreadable` where there is no secret, else null.' }),
          })
          .meta({ id: 'ExportedManagedKey' }),
      )
      .meta({ description: 'The managed keys, after the last credential.' }),
    next: text.meta({ description: 'Send it as `after` for the next page; null on the last one.' }),
  })
  .meta({ id: 'ExportedUser' });

/** The query of an export. */
export const ExportQuery = z.object({
  after: z
    .string()
    .max(1024)
    .optional()
    .meta(parameter('`next` of an earlier page.', 'WyJjcmVkZW50aWFsIiwxODkzNDU2MDAwMDAwLDAsIm9wZW5haS13b3JrIl0')),
});
