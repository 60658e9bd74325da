// What a caller may send to create or replace a credential. Strict: an unknown field, or one the caller may not set, is refused.
import * as z from 'zod';
import type { GrantServer } from '../mcp/grant-server.ts';
import type { IssuerEndpoints } from '../oauth/client/issuer-endpoints.ts';
import type { KeptValues } from '../oauth/kept/kept-values.ts';
import { normalizeHostPattern } from '../values/host-pattern.ts';
import { HostHeaders } from '../values/http-field.ts';
import { JsonObject } from '../values/json-object.ts';
import { boundedText, CredentialId, ProviderName, Scopes, Title, Variables, WireTime } from '../values/names.ts';
import { SendablePassword, SendableSecret, SendableUserName } from '../values/sendable-text.ts';
import { MAX_SECRET_BYTES, type SecretDocument } from './credential.ts';

const HostPattern = z.string().transform((text, context) => {
  const normalized = normalizeHostPattern(text);
  if (normalized !== null) return normalized;
  context.addIssue({ code: 'custom', message: 'must be a host such as api.example.com, *.example.com or host:8443' });
  return z.NEVER;
});

const common = {
  provider: ProviderName.meta({ description: 'The provider the credential is for, such as `github`.' }),
  title: Title.meta({ description: 'A name for people: 1 to 256 characters, no control characters.' }).optional(),
  id: CredentialId.meta({
    description: 'The id of the credential. Made by the service if omitted. Makes a create safe to repeat.',
  }).optional(),
  variables: Variables.optional(),
};

const type = <const T extends string>(name: T) => z.literal(name).meta({ description: 'The type of credential.' });

const NewApiKey = z
  .strictObject({
    type: type('api_key'),
    ...common,
    apiKey: SendableSecret.meta({
      description: 'The key, as the provider issued it: visible ASCII. White space at either end is dropped. Secret.',
    }),
    expiresAt: WireTime.meta({
      description: 'When the key expires (ISO 8601, UTC). Omit it for a key that does not expire.',
    }).optional(),
  })
  .meta({
    id: 'NewApiKey',
    description: 'An API key to store.',
  });
const NewUserPassword = z
  .strictObject({
    type: type('user_password'),
    ...common,
    username: SendableUserName.meta({ description: 'The user name, without a colon. Stored as part of the secret.' }),
    password: SendablePassword.meta({ description: 'The password; may be empty. Secret.' }),
  })
  .meta({
    id: 'NewUserPassword',
    description: 'A user name and password to store.',
  });
const NewHostScoped = z
  .strictObject({
    type: type('host_scoped'),
    ...common,
    host: HostPattern.meta({
      description: 'The host the headers may be sent to: `api.example.com`, `*.example.com` or `api.example.com:8443`.',
    }),
    headers: HostHeaders.meta({
      description:
        '1 to 32 HTTP header fields by name. Names a client sets itself, such as `host`, are refused. The values are secret.',
    }),
  })
  .meta({
    id: 'NewHostScoped',
    description: 'Header fields to send to one host.',
  });
const NewOAuth2 = z
  .strictObject({
    type: type('oauth2'),
    ...common,
    accessToken: SendableSecret.meta({ description: 'The access token. Secret.' }),
    refreshToken: SendableSecret.meta({
      description: 'The refresh token. Secret. Omitted in a replacement: the stored one is kept.',
    }).optional(),
    accessTokenExpiresAt: WireTime.meta({
      description: 'When the access token expires (ISO 8601, UTC). Omit it for a token that does not expire.',
    }).optional(),
    refreshTokenExpiresAt: WireTime.meta({
      description: 'When the refresh token expires (ISO 8601, UTC), where the provider says so.',
    }).optional(),
    scopes: Scopes.meta({ description: 'The scopes the token was granted: at most 200.' }),
    username: boundedText(256)
      .meta({ description: 'The name of the account at the provider, for people: 1 to 256 characters.' })
      .optional(),
    metadata: JsonObject.meta({
      description: 'Any JSON object, at most 4,096 bytes and 16 levels. Sealed with the token.',
    }).optional(),
  })
  .meta({
    id: 'NewOAuth2',
    description: 'Tokens that the caller obtained itself. Accepted on the runtime plane only.',
  });

const withBoundedSecret = <S extends z.ZodType<NewCredential>>(schema: S) =>
  schema.refine((credential) => Buffer.byteLength(JSON.stringify(secretDocument(credential))) <= MAX_SECRET_BYTES, {
    error: `the secret part must be at most ${MAX_SECRET_BYTES} bytes`,
  });

const staticTypes = [NewApiKey, NewUserPassword, NewHostScoped] as const;

/** What an end user may send: the types whose secret a person holds. */
export const NewStaticCredential = withBoundedSecret(z.discriminatedUnion('type', staticTypes)).meta({
  id: 'NewStaticCredential',
  description: 'A credential of a type whose secret a person holds. Secret part: at most 16,384 bytes.',
});
/** What a trusted worker may send: every type. */
export const NewCredential = withBoundedSecret(z.discriminatedUnion('type', [...staticTypes, NewOAuth2])).meta({
  id: 'NewCredential',
  description: 'A credential of any type. Secret part: at most 16,384 bytes.',
});

/** A parsed credential of any type; times are epoch milliseconds. */
export type NewCredential = z.infer<
  typeof NewApiKey | typeof NewUserPassword | typeof NewHostScoped | typeof NewOAuth2
>;

/** A credential to seal: as a caller sent it, or with the account and tenant that only a connection knows. */
export type SealableCredential =
  | Exclude<NewCredential, { type: 'oauth2' }>
  | (Extract<NewCredential, { type: 'oauth2' }> & {
      accountId?: string | undefined;
      /** What came with the grant; undefined: as stored. */
      kept?: Pick<KeptValues, 'data' | 'secret'> | undefined;
      /** What the tokens are bound to (`grant-binding.ts`); undefined: not known. */
      clientId?: string | undefined;
      tokenOrigin?: string | undefined;
      issuerEndpoints?: IssuerEndpoints | undefined;
      /** The MCP server of the tokens; undefined: of none. */
      server?: GrantServer | undefined;
    });

const isFilled = (values: Readonly<Record<string, string>> | undefined): boolean =>
  Object.keys(values ?? {}).length > 0;

/** The values to show, nothing secret: the variables and what came with the grant; null: none. */
export const publicData = (credential: SealableCredential): Record<string, string> | null => {
  const kept = credential.type === 'oauth2' ? credential.kept?.data : undefined;
  const data = { ...credential.variables, ...kept };
  return isFilled(data) ? data : null;
};

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
        ...(isFilled(credential.variables) && { variables: credential.variables }),
        ...(isFilled(credential.kept?.secret) && { data: credential.kept?.secret }),
        ...(credential.clientId !== undefined && { clientId: credential.clientId }),
        ...(credential.tokenOrigin !== undefined && { tokenOrigin: credential.tokenOrigin }),
        ...(credential.issuerEndpoints !== undefined && { issuerEndpoints: credential.issuerEndpoints }),
        ...(credential.server !== undefined && { server: credential.server }),
      };
  }
};
