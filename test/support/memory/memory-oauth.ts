// OAuth providers in memory: a directory with settable records, and a protocol that answers by script and records every call, so
// that a test can check the result and whether the provider was called.

import { type KeptValues, keepCallback, NOTHING_KEPT } from '../../../lib/domain/oauth/kept/kept-values.ts';
import { providerProfile, type TokenKind } from '../../../lib/domain/oauth/provider-profile.ts';
import type { ProviderRecord } from '../../../lib/domain/oauth/provider-record.ts';
import type { Account, TokenResponse } from '../../../lib/domain/oauth/token-response.ts';
import {
  type AuthorizationRequest,
  type CodeExchange,
  type DeviceAuthorization,
  type DevicePoll,
  type OAuthClient,
  type OAuthProtocol,
  type OAuthStarts,
  ProviderFault,
  type RevocationOutcome,
} from '../../../lib/domain/ports/oauth-protocol.ts';
import type { CheckReply } from '../../../lib/domain/ports/provider-api.ts';
import type { KnownProvider, ProviderDirectory } from '../../../lib/domain/ports/provider-directory.ts';
import { Secret } from '../../../lib/domain/values/secret.ts';

export const CLIENT_SECRET = 'client-secret-1';

const PLAIN_RECORD: ProviderRecord = {
  authorizationEndpoint: 'https://acme.example/authorize',
  tokenEndpoint: 'https://acme.example/token',
};

/** The configured provider acme; a test names only the fields of its record that matter. */
export const knownProvider = (record: Partial<ProviderRecord> = {}, provider = 'acme'): KnownProvider => ({
  provider,
  profile: providerProfile(provider, { ...PLAIN_RECORD, ...record }),
  client: { clientId: 'client-1', clientSecret: new Secret(CLIENT_SECRET) },
});

export interface MemoryProviders extends ProviderDirectory {
  /** Adds the provider, or replaces the one of that name. */
  set(known: KnownProvider): void;
  remove(provider: string): void;
}

export const memoryProviders = (...known: readonly KnownProvider[]): MemoryProviders => {
  const byName = new Map(known.map((one) => [one.provider, one]));
  return {
    find: async (provider) => byName.get(provider),
    findPastCache: async (provider) => byName.get(provider),
    listConfigured: async () => [...byName.values()].filter(({ client }) => client !== null),
    set: (one) => void byName.set(one.provider, one),
    remove: (provider) => void byName.delete(provider),
  };
};

export const newGrant = (given: Partial<TokenResponse> = {}): TokenResponse => ({
  accessToken: 'access-new',
  refreshToken: null,
  expiresInSeconds: null,
  refreshTokenExpiresInSeconds: null,
  scopes: null,
  account: null,
  kept: NOTHING_KEPT,
  ...given,
});

export const deviceAuthorization = (given: Partial<DeviceAuthorization> = {}): DeviceAuthorization => ({
  deviceCode: 'device-code-1',
  userCode: 'ABCD-EFGH',
  verificationUri: 'https://acme.example/device',
  verificationUriComplete: null,
  intervalSeconds: 5,
  expiresInSeconds: 900,
  ...given,
});

/** A call that reached the provider. */
export type ProviderCall = { client: OAuthClient } & (
  | ({ to: 'exchangeCode' } & CodeExchange)
  | { to: 'refresh'; refreshToken: string; scopes: readonly string[] }
  | { to: 'startDevice'; scopes: readonly string[] }
  | { to: 'pollDevice'; deviceCode: string }
  | { to: 'revoke'; token: string; kind: TokenKind }
  | { to: 'identify'; accessToken: string }
  | { to: 'checkToken'; accessToken: string }
);

export interface OAuthScript {
  /** The reply to a code or a refresh token; others are refused. A code works once. */
  codes: Map<string, TokenResponse | ProviderFault>;
  refreshTokens: Map<string, TokenResponse | ProviderFault>;
  /** Replaces the answer to a refresh; may throw. */
  refreshed: ((refreshToken: string, client: OAuthClient) => TokenResponse | ProviderFault) | null;
  device: DeviceAuthorization | ProviderFault;
  /** The answers to polls, in order; then pending. */
  polls: (DevicePoll | ProviderFault)[];
  /** The account of each access token; others have none. */
  accounts: Map<string, Account>;
  /** What the identity and tenants endpoints bring, by access token. */
  kept: Map<string, KeptValues>;
  /** What the identity endpoint says of each access token; of others it is not known. */
  checks: Map<string, CheckReply>;
  /** Tokens whose revocation fails. */
  notRevocable: Set<string>;
  /** Tokens that the provider says are not valid any more, when they are to be revoked. */
  goneTokens: Set<string>;
  /** Runs during the provider call, to simulate concurrent changes. */
  meanwhile: (call: ProviderCall) => Promise<unknown>;
}

export interface MemoryOAuth extends OAuthProtocol, OAuthStarts {
  script: OAuthScript;
  calls: ProviderCall[];
  /** The inputs of the authorization URLs built; no call is made for them. */
  authorizations: ({ client: OAuthClient } & AuthorizationRequest)[];
  callsTo<T extends ProviderCall['to']>(to: T): Extract<ProviderCall, { to: T }>[];
}

const UNKNOWN_CHECK: CheckReply = { result: 'unknown', providerStatus: null, account: null };
const NO_GOOD = new ProviderFault('dead_grant', { providerCode: 'invalid_grant' });

const orThrow = <T>(answer: T | ProviderFault): T => {
  if (answer instanceof ProviderFault) throw answer;
  return answer;
};

const emptyScript = (): OAuthScript => ({
  codes: new Map(),
  refreshTokens: new Map(),
  refreshed: null,
  device: deviceAuthorization(),
  polls: [],
  accounts: new Map(),
  kept: new Map(),
  checks: new Map(),
  notRevocable: new Set(),
  goneTokens: new Set(),
  meanwhile: async () => undefined,
});

const buildUrl = ({ profile, clientId }: OAuthClient, { state, redirectUri }: AuthorizationRequest): string =>
  `${profile.authorizationEndpoint}?${new URLSearchParams({ client_id: clientId, state, redirect_uri: redirectUri })}`;

const memoryProtocol = (script: OAuthScript, made: (call: ProviderCall) => Promise<unknown>) => ({
  async exchangeCode(client: OAuthClient, exchange: CodeExchange) {
    const answer = script.codes.get(exchange.code) ?? NO_GOOD;
    script.codes.delete(exchange.code);
    await made({ to: 'exchangeCode', client, ...exchange });
    return orThrow(answer);
  },
  async refresh(client: OAuthClient, refreshToken: string, scopes: readonly string[]) {
    await made({ to: 'refresh', client, refreshToken, scopes });
    if (script.refreshed) return orThrow(script.refreshed(refreshToken, client));
    return orThrow(script.refreshTokens.get(refreshToken) ?? NO_GOOD);
  },
  async startDevice(client: OAuthClient, scopes: readonly string[]) {
    await made({ to: 'startDevice', client, scopes });
    return orThrow(script.device);
  },
  async pollDevice(client: OAuthClient, deviceCode: string): Promise<DevicePoll> {
    const answer = script.polls.shift() ?? { kind: 'pending' as const };
    await made({ to: 'pollDevice', client, deviceCode });
    return orThrow(answer);
  },
  async revoke(client: OAuthClient, token: string, kind: TokenKind): Promise<RevocationOutcome> {
    await made({ to: 'revoke', client, token, kind });
    if (script.notRevocable.has(token)) return 'failed';
    return script.goneTokens.has(token) ? 'gone' : 'revoked';
  },
  async identify(client: OAuthClient, accessToken: string) {
    await made({ to: 'identify', client, accessToken });
    return { account: script.accounts.get(accessToken) ?? null, kept: script.kept.get(accessToken) ?? NOTHING_KEPT };
  },
  async checkToken(client: OAuthClient, accessToken: string) {
    await made({ to: 'checkToken', client, accessToken });
    return script.checks.get(accessToken) ?? UNKNOWN_CHECK;
  },
});

export const memoryOAuth = (given: Partial<OAuthScript> = {}): MemoryOAuth => {
  const script = { ...emptyScript(), ...given };
  const calls: ProviderCall[] = [];
  const authorizations: MemoryOAuth['authorizations'] = [];
  const made = (call: ProviderCall) => {
    calls.push(call);
    return script.meanwhile(call);
  };
  return {
    ...memoryProtocol(script, made),
    readCallback: ({ profile }, parameters) => keepCallback(profile, parameters, 'public'),
    authorizationUrl(client, request) {
      authorizations.push({ client, ...request });
      return buildUrl(client, request);
    },
    script,
    calls,
    authorizations,
    callsTo: <T extends ProviderCall['to']>(to: T) =>
      calls.filter((call): call is Extract<ProviderCall, { to: T }> => call.to === to),
  };
};
