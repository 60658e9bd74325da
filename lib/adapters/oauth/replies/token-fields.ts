// Finds the fields of a token reply, whatever a provider calls them and wherever it puts them. The standard's name decides where it
// is there; nothing found here is trusted before `normalize-token-reply.ts` has checked it.
import type { ProviderProfile } from '../../../domain/oauth/provider-profile.ts';
import { isFields, type JsonFields, readPath } from './provider-reply.ts';

/** Other names of the standard's fields. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  access_token: ['accessToken', 'AccessToken'],
  refresh_token: ['refreshToken', 'RefreshToken'],
  token_type: ['tokenType', 'TokenType'],
  scope: ['scopes', 'granted_scopes', 'grantedScopes', 'granted_scope'],
};

/** Where providers that wrap every answer put this one. */
const WRAPPERS = ['data', 'result', 'response', 'token', 'tokens'];

/** The value of a field of the standard, under its own or another name; undefined or null if there is none. */
export const readField = (fields: JsonFields, name: string): unknown =>
  fields[name] ?? (OTHER_NAMES[name] ?? []).map((other) => fields[other]).find((value) => value !== undefined);

/** Whether there is a text for an access token. */
export const hasAccessToken = (value: unknown): value is JsonFields =>
  isFields(value) && typeof readField(value, 'access_token') === 'string';

/**
 * The object that contains the tokens; null if the record names a place and nothing is there. Slack nests it in the first reply,
 * where the top level holds another token, but not in the reply to a refresh.
 */
export const findTokenFields = (
  body: JsonFields,
  { tokenReplyPath }: Pick<ProviderProfile, 'tokenReplyPath'>,
  refreshing: boolean,
): JsonFields | null => {
  if (tokenReplyPath === null) return [body, ...WRAPPERS.map((name) => body[name])].find(hasAccessToken) ?? body;
  const nested = readPath(body, tokenReplyPath);
  if (isFields(nested)) return nested;
  return refreshing ? body : null;
};
