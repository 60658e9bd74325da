// A credential as it leaves one deployment and enters another: the whole secret document, and of the row what has a meaning there.
// Unknown fields are ignored. Seals, versions, leases and the marks of use stay behind.
import * as z from 'zod';
import {
  ApiKeySecret,
  BrokenReason,
  HostScopedSecret,
  OAuth2Secret,
  UserPasswordSecret,
} from '../credential/credential.ts';
import { GrantServer, MCP_PROVIDER } from '../mcp/grant-server.ts';
import { normalizeHostPattern } from '../values/host-pattern.ts';
import { boundedText, CredentialId, ProviderName, ScopeToken, scopesFit, Title, WireTime } from '../values/names.ts';
import { SendablePassword, SendableSecret, SendableUserName } from '../values/sendable-text.ts';

const orNull = <S extends z.ZodType>(schema: S) => schema.nullish().transform((value) => value ?? null);

const MAX_DATA_BYTES = 16_384;

/** Values as connections keep them: names of variables, texts of at most 1,024 characters. */
const PublicData = z
  .record(z.string().regex(/^\w{1,64}$/), z.union([boundedText(1_024), z.literal('')]))
  .refine((data) => Buffer.byteLength(JSON.stringify(data)) <= MAX_DATA_BYTES);

/** Names and ids of accounts: the provider gave them, so they are longer than what a caller may send. */
const AccountText = boundedText(4_096);

const HostPattern = z.string().transform((text, context) => {
  const normalized = normalizeHostPattern(text);
  if (normalized !== null) return normalized;
  context.addIssue({ code: 'custom', message: 'must be a host pattern' });
  return z.NEVER;
});

/** A list, of which an item may hold several separated by spaces or commas; or one such text. */
const MovedScopes = z.preprocess(
  (value) => (typeof value === 'string' ? [value] : value),
  z
    .array(z.string())
    .transform((items) => [...new Set(items.flatMap((item) => item.split(/[\s,]+/)))].filter((scope) => scope !== ''))
    .pipe(z.array(ScopeToken).refine(scopesFit)),
);

const common = {
  id: CredentialId,
  provider: ProviderName,
  title: orNull(Title),
  data: orNull(PublicData),
  expiresAt: orNull(WireTime),
  /** `unreadable` marks what has no secret, which is never stored. */
  reason: orNull(BrokenReason.exclude(['unreadable'])),
  createdAt: orNull(WireTime),
  updatedAt: orNull(WireTime),
  secretStoredAt: orNull(WireTime),
  ordinal: orNull(z.int().nonnegative()),
};

/** A field that this type of credential does not have, whatever the document says. */
const notOfType = z
  .unknown()
  .optional()
  .transform(() => null);

/** The fields that other types than `oauth2` do not have. */
const noAccount = {
  username: notOfType,
  accountId: notOfType,
  scopes: notOfType,
  refreshTokenExpiresAt: notOfType,
};
const noHost = { host: notOfType };

/** Where secrets go follows from what this deployment found, never from a document: the endpoints are read again, or compared. */
const MovedOAuth2Secret = OAuth2Secret.omit({ issuerEndpoints: true }).extend({
  accessToken: SendableSecret,
  refreshToken: SendableSecret.optional(),
  server: GrantServer.omit({ foundHere: true }).optional(),
});

/** A credential to store. Times are epoch milliseconds; null: not given. The secret is the document as it is sealed. */
export const MovedCredential = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('api_key'),
    ...common,
    ...noAccount,
    ...noHost,
    secret: ApiKeySecret.extend({ apiKey: SendableSecret }),
  }),
  z.object({
    type: z.literal('user_password'),
    ...common,
    ...noAccount,
    ...noHost,
    secret: UserPasswordSecret.extend({ username: SendableUserName, password: SendablePassword }),
  }),
  z.object({ type: z.literal('host_scoped'), ...common, ...noAccount, host: HostPattern, secret: HostScopedSecret }),
  z
    .object({
      type: z.literal('oauth2'),
      ...common,
      ...noHost,
      username: orNull(AccountText),
      accountId: orNull(AccountText),
      scopes: MovedScopes.nullish().transform((scopes) => scopes ?? []),
      refreshTokenExpiresAt: orNull(WireTime),
      resource: orNull(z.string().max(2_048)),
      secret: MovedOAuth2Secret,
    })
    // The token is answered for the sealed resource alone; the field beside it says the same or nothing.
    .refine(({ resource, secret }) => resource === null || resource === secret.server?.resource, { path: ['resource'] })
    .refine(({ provider, secret }) => secret.server === undefined || provider === MCP_PROVIDER, { path: ['provider'] }),
]);
export type MovedCredential = z.infer<typeof MovedCredential>;

/** The variables that choose the tenant; of other types than `oauth2` all public values are variables. Undefined: none. */
export const movedVariables = (credential: MovedCredential): Readonly<Record<string, string>> | undefined =>
  credential.type === 'oauth2' ? credential.secret.variables : (credential.data ?? undefined);
