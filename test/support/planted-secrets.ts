// The canaries that one suite plants: a secret of each kind, and the credentials that hold them.
import { type Canaries, canary, findCanaries } from './canaries.ts';

export const KINDS = [
  'API key',
  'access token',
  'refresh token',
  'metadata',
  'user name',
  'password',
  'header value',
] as const;
const OTHERS = ['managed secret', 'system key', 'state token', 'code verifier'] as const;
export type Kind = (typeof KINDS)[number] | (typeof OTHERS)[number];

/** The last two are the service's own to make: they are set once known. */
export const canaries = new Map<Kind, string>([...KINDS, ...OTHERS].map((kind) => [kind, canary()]));
export const secretOf = (kind: Kind): string => canaries.get(kind) ?? '';

/** The kinds of those that stand in it. */
export const found = (haystack: string | Uint8Array): string[] =>
  findCanaries(haystack, canaries as Canaries).map((f) => f.kind);

export const SEEN_TITLE = 'A title that may be seen anywhere';
const common = { title: SEEN_TITLE };
export const bodies = {
  key: { type: 'api_key', provider: 'anthropic', ...common, apiKey: secretOf('API key') },
  login: {
    type: 'user_password',
    provider: 'smtp',
    ...common,
    username: secretOf('user name'),
    password: secretOf('password'),
  },
  host: {
    type: 'host_scoped',
    provider: 'http',
    ...common,
    host: 'api.example.com',
    headers: { 'x-api-key': secretOf('header value') },
  },
  grant: {
    ...{ type: 'oauth2', provider: 'github', ...common, scopes: ['repo'], username: 'octocat' },
    ...{ accessToken: secretOf('access token'), refreshToken: secretOf('refresh token') },
    ...{ accessTokenExpiresAt: '2099-01-01T00:00:00Z', metadata: { note: secretOf('metadata') } },
  },
};
