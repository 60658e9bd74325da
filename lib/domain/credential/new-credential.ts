// What a caller may send to create or replace a credential. Strict: an unknown field, or one the caller may not set, is refused.
import * as z from 'zod';
import { normalizeHostPattern } from '../values/host-pattern.ts';
import { HostHeaders } from '../values/http-field.ts';
import { JsonObject } from '../values/json-object.ts';
import { boundedText, CredentialId, ProviderName, Scopes, Title, WireTime } from '../values/names.ts';
import { MAX_SECRET_BYTES, type SecretDocument, SecretText } from './credential.ts';

const HostPattern = z.string().transform((text, context) => {
  const normalized = normalizeHostPattern(text);
  if (normalized !== null) return normalized;
  context.addIssue({ code: 'custom', message: 'must be a host such as api.example.com, *.example.com or host:8443' });
  return z.NEVER;
});

const common = { provider: ProviderName, title: Title.optional(), id: CredentialId.optional() };

const NewApiKey = z.strictObject({
  type: z.literal('api_key'),
  ...common,
  apiKey: SecretText,
  expiresAt: WireTime.optional(),
});
const NewUserPassword = z.strictObject({
  type: z.literal('user_password'),
  ...common,
  username: SecretText,
  password: z.string(),
});
const NewHostScoped = z.strictObject({
  type: z.literal('host_scoped'),
  ...common,
  host: HostPattern,
  headers: HostHeaders,
});
const NewOAuth2 = z.strictObject({
  type: z.literal('oauth2'),
  ...common,
  accessToken: SecretText,
  refreshToken: SecretText.optional(),
  accessTokenExpiresAt: WireTime.optional(),
  refreshTokenExpiresAt: WireTime.optional(),
  scopes: Scopes,
  username: boundedText(256).optional(),
  metadata: JsonObject.optional(),
});

const withBoundedSecret = <S extends z.ZodType<NewCredential>>(schema: S) =>
  schema.refine((credential) => Buffer.byteLength(JSON.stringify(secretDocument(credential))) <= MAX_SECRET_BYTES, {
    error: `the secret part must be at most ${MAX_SECRET_BYTES} bytes`,
  });

/** What an end user may send: the types whose secret a person has. */
export const NewStaticCredential = withBoundedSecret(
  z.discriminatedUnion('type', [NewApiKey, NewUserPassword, NewHostScoped]),
).meta({ id: 'NewStaticCredential' });
/** What a trusted worker may send: every type. */
export const NewCredential = withBoundedSecret(
  z.discriminatedUnion('type', [NewApiKey, NewUserPassword, NewHostScoped, NewOAuth2]),
).meta({ id: 'NewCredential' });

/** A parsed credential of any type; times are epoch milliseconds. */
export type NewCredential = z.infer<
  typeof NewApiKey | typeof NewUserPassword | typeof NewHostScoped | typeof NewOAuth2
>;

/** A credential to seal: as a caller sent it, or with the account and tenant that only a connection knows. */
export type SealableCredential =
  | Exclude<NewCredential, { type: 'oauth2' }>
  | (Extract<NewCredential, { type: 'oauth2' }> & {
      accountId?: string | undefined;
      variables?: Record<string, string> | undefined;
    });

/** The part of a credential that is sealed. */
export const secretDocument = (credential: SealableCredential): SecretDocument => {
  switch (credential.type) {
    case 'api_key':
      return { apiKey: credential.apiKey };
    case 'user_password':
      return { username: credential.username, password: credential.password };
    case 'host_scoped':
      return { headers: credential.headers };
    case 'oauth2':
      return {
        accessToken: credential.accessToken,
        ...(credential.refreshToken !== undefined && { refreshToken: credential.refreshToken }),
        ...(credential.metadata !== undefined && { metadata: credential.metadata }),
        ...(Object.keys(credential.variables ?? {}).length > 0 && { variables: credential.variables }),
      };
  }
};
