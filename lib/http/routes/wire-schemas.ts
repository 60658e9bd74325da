// What goes over the wire: requests (strict: an unknown field is a refusal; query strings ignore what they don't know) and
// answers, of which the views have no field for a secret.
import * as z from 'zod';
import { CredentialView } from '../../domain/credential/credential-view.ts';
import { NewCredential } from '../../domain/credential/new-credential.ts';
import { PublicSecret } from '../../domain/credential/public-secret.ts';
import { JsonObject } from '../../domain/values/json-object.ts';
import { boundedText, CredentialId, ProviderName, Scopes, Title } from '../../domain/values/names.ts';

export const ById = z.object({ id: CredentialId });
export const ByProvider = z.object({ provider: ProviderName });
/** Named twice, it is the name of no provider, as the gateway joins it. */
const OneOrJoined = z.union([z.string(), z.array(z.string()).transform((given) => given.join(','))]);
export const ProviderFilter = z.object({ provider: OneOrJoined.optional() });
export const NewTitle = z.strictObject({ title: Title });
export const Edit = z.strictObject({
  put: z.array(NewCredential).default([]),
  delete: z.array(CredentialId).default([]),
});
export const ManagedSecret = z.strictObject({ secret: z.string().min(1).max(16_384) });
export const ResolveRequest = z
  .strictObject({
    provider: ProviderName.optional(),
    credentialId: CredentialId.optional(),
    url: z
      .url({ protocol: /^https?$/ })
      .max(8192)
      .optional(),
    scopes: Scopes.default([]),
    minTtlSeconds: z.int().min(0).max(86_400).optional(),
  })
  .refine(({ provider, credentialId, url }) => (provider ?? credentialId ?? url) !== undefined, {
    error: 'at least one of provider, credentialId and url is required',
  });
export const NewOAuthState = z.strictObject({
  provider: ProviderName,
  scopes: Scopes,
  callbackUrl: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .optional(),
  metadata: JsonObject.optional(),
  initiatedByApiKeyId: boundedText(256).optional(),
});
const VariableName = z.string().regex(/^\w{1,64}$/, 'a variable’s name must be 1 to 64 letters, digits or underscores');
const Variables = z.record(VariableName, z.string().max(253));
export const NewConnection = z.strictObject({
  provider: ProviderName,
  scopes: Scopes.optional(),
  credentialId: CredentialId.optional(),
  returnUrl: z.string().max(8192).optional(),
  callbackUrl: z.string().max(8192).optional(),
  metadata: JsonObject.optional(),
  variables: Variables.optional(),
});
export const StartedConnection = z.object({
  state: z.string(),
  authorizationUrl: z.url(),
  expiresAt: z.iso.datetime(),
});
export const Completion = z.union([
  z.strictObject({ state: z.string(), receipt: z.string() }),
  z.strictObject({ state: z.string(), code: z.string().min(1).max(4096), iss: z.string().max(2048).optional() }),
]);
/** Whatever a browser brings: what is wrong with it is answered by a page. */
export const CallbackQuery = z.object({
  state: z.unknown().optional(),
  code: z.unknown().optional(),
  iss: z.unknown().optional(),
  error: z.unknown().optional(),
});
export const NewDeviceConnection = z.strictObject({ provider: ProviderName, scopes: Scopes.optional() });
export const StartedDevice = z.object({
  state: z.string(),
  userCode: z.string(),
  verificationUri: z.string(),
  verificationUriComplete: z.string().optional(),
  interval: z.number(),
  expiresAt: z.iso.datetime(),
});
export const DevicePollRequest = z.strictObject({ state: z.string() });
export const DeviceStatus = z.object({
  status: z.enum(['pending', 'slow_down', 'approved', 'denied', 'expired']),
  credential: CredentialView.nullable(),
});
export const ConsumeRequest = z.strictObject({ token: z.string(), provider: z.string() });
export const OpenedState = z.object({
  token: z.string(),
  codeChallenge: z.string(),
  codeChallengeMethod: z.literal('S256'),
  expiresAt: z.iso.datetime(),
});
export const ConsumedState = z.object({
  provider: z.string(),
  scopes: z.array(z.string()),
  codeVerifier: z.string(),
  callbackUrl: z.string().nullable(),
  metadata: JsonObject.nullable(),
  initiatedByApiKeyId: z.string().nullable(),
  expiresAt: z.iso.datetime(),
});
export const Erased = z.object({ credentials: z.int(), managed: z.int(), revoked: z.int() });

export const Credential = CredentialView.extend({ secret: PublicSecret }).meta({ id: 'Credential' });
export const CredentialList = z
  .object({
    version: z.int(),
    credentials: z.array(CredentialView),
    providers: z.array(z.string()),
  })
  .meta({ id: 'CredentialList' });
export const Disconnected = z.object({
  deleted: z.literal(true),
  revoked: z.boolean().nullable(),
  revokedTokens: z.array(z.enum(['access_token', 'refresh_token'])),
});
export const Resolved = z.object({
  credential: Credential,
  headers: z.record(z.string(), z.string()),
  query: z.record(z.string(), z.string()),
  expiresAt: z.iso.datetime().nullable(),
  stale: z.boolean(),
});
