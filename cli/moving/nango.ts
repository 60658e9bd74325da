// Turns a connection of Nango (its answer to GET /connections/{id}, with credentials) into a document that `import` takes. Pure:
// the same connection gives the same id, so a repeated move finds what the first one stored.
import { createHash } from 'node:crypto';
import { findNangoProvider, type NangoSettings, readNangoSettings } from './nango-providers.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A line for `keyhold import --format keyhold`. */
export interface ImportLine {
  userId: string;
  document: { credentials: [Fields] };
}

/** Why a connection is not moved. */
export type NangoRefusal =
  /** It is no object with a connection id, a provider and credentials. */
  | 'not_a_connection'
  /** It names no end user, and no rule was given to find one. */
  | 'no_user'
  /** Its credentials are of a type that Keyhold cannot store, such as OAUTH1. */
  | 'type_not_supported'
  /** Its credentials hold no token, key or password. */
  | 'no_secret';

/** A line to import, or why there is none. */
export type ConvertedConnection =
  | { kind: 'line'; line: ImportLine }
  | { kind: 'refused'; connectionId: string; reason: NangoRefusal };

/** What only the operator knows. */
export interface NangoMapping {
  /** Keyhold's provider by Nango's integration id, where the two names differ. */
  providers?: Readonly<Record<string, string>>;
  /** Finds the user of a connection without an end user. */
  findUser?: (connection: Fields) => string | undefined;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const asFields = (value: unknown): Fields => (isFields(value) ? value : {});
const asText = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Ids as Keyhold takes them; any other connection is named by a hash of its names. */
const CREDENTIAL_ID = /^[A-Za-z0-9._:-]{1,128}$/;

const makeId = (integration: string, connectionId: string): string => {
  const id = `${integration}:${connectionId}`;
  if (CREDENTIAL_ID.test(id)) return id;
  return `nango:${createHash('sha256')
    .update(JSON.stringify([integration, connectionId]))
    .digest('hex')}`;
};

const readTime = (value: unknown): string | undefined => {
  const time = Date.parse(String(value));
  return typeof value === 'string' && Number.isFinite(time) ? new Date(time).toISOString() : undefined;
};

/** Nango keeps the provider's own reply; its `scope` is what was granted. */
const readScopes = ({ raw }: Fields): string[] => {
  const { scope } = asFields(raw);
  const texts = Array.isArray(scope) ? scope : [scope];
  const scopes = texts.flatMap((text) => (typeof text === 'string' ? text.split(/[\s,]+/) : []));
  return [...new Set(scopes)].filter((one) => one !== '');
};

const withoutAbsent = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const convertGrant = (credentials: Fields, { variables, data }: NangoSettings, metadata: unknown): Fields | null => {
  const accessToken = asText(credentials.access_token);
  if (accessToken === undefined) return null;
  return withoutAbsent({
    type: 'oauth2',
    accessToken,
    refreshToken: asText(credentials.refresh_token),
    accessTokenExpiresAt: readTime(credentials.expires_at),
    scopes: readScopes(credentials),
    metadata: Object.keys(asFields(metadata)).length > 0 ? metadata : undefined,
    variables,
    data,
  });
};

const convertCredentials = (
  connection: Fields,
  provider: string,
): { kind: 'secret'; fields: Fields | null } | { kind: 'unknown' } => {
  const credentials = asFields(connection.credentials);
  const settings = readNangoSettings(provider, asFields(connection.connection_config));
  switch (credentials.type) {
    case 'OAUTH2':
      return { kind: 'secret', fields: convertGrant(credentials, settings, connection.metadata) };
    case 'API_KEY': {
      const apiKey = asText(credentials.apiKey) ?? asText(credentials.api_key);
      const fields = withoutAbsent({ type: 'api_key', apiKey, variables: settings.variables });
      return { kind: 'secret', fields: apiKey === undefined ? null : fields };
    }
    case 'BASIC': {
      const username = asText(credentials.username);
      const password = asText(credentials.password) ?? '';
      const fields = withoutAbsent({ type: 'user_password', username, password, variables: settings.variables });
      return { kind: 'secret', fields: username === undefined ? null : fields };
    }
    default:
      return { kind: 'unknown' };
  }
};

const findUserId = (connection: Fields, { findUser }: NangoMapping): string | undefined =>
  asText(asFields(connection.end_user).id) ?? asText(asFields(connection.tags).end_user_id) ?? findUser?.(connection);

/**
 * The line that stores a connection, or why there is none. What the line holds is checked by the service. Not known afterwards are the
 * OAuth client of a grant and the account at the provider.
 */
export const convertNangoConnection = (value: unknown, mapping: NangoMapping = {}): ConvertedConnection => {
  const connection = asFields(value);
  const connectionId = asText(connection.connection_id);
  const integration = asText(connection.provider_config_key);
  const refuse = (reason: NangoRefusal): ConvertedConnection => ({
    ...{ kind: 'refused', connectionId: connectionId ?? '', reason },
  });
  if (connectionId === undefined || integration === undefined || !isFields(connection.credentials)) {
    return refuse('not_a_connection');
  }
  const userId = findUserId(connection, mapping);
  if (userId === undefined) return refuse('no_user');
  const provider = mapping.providers?.[integration] ?? findNangoProvider(asText(connection.provider) ?? integration);
  const converted = convertCredentials(connection, provider);
  if (converted.kind === 'unknown') return refuse('type_not_supported');
  if (converted.fields === null) return refuse('no_secret');
  const createdAt = readTime(connection.created_at);
  const names = withoutAbsent({ id: makeId(integration, connectionId), provider, title: integration, createdAt });
  return { kind: 'line', line: { userId, document: { credentials: [{ ...names, ...converted.fields }] } } };
};
