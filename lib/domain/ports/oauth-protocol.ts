// The port to OAuth providers. The adapter speaks the protocol and checks everything a provider sends; a caller gets a token
// response or a named failure.
import type { ClientKeys } from '../oauth/client/client-keys.ts';
import type { KeptValues } from '../oauth/kept/kept-values.ts';
import type { ProviderProfile, TokenKind } from '../oauth/provider-profile.ts';
import type { Identity, TokenResponse } from '../oauth/token-response.ts';
import type { CheckReply } from './provider-api.ts';

/** A provider that can be used: its profile, templates filled, and the operator's client. */
export interface OAuthClient extends ClientKeys {
  provider: string;
  profile: ProviderProfile;
}

/** The parameters of an authorization request (RFC 6749 §4.1.1, RFC 7636 §4.3). */
export interface AuthorizationRequest {
  state: string;
  redirectUri: string;
  scopes: readonly string[];
  /** null where the record forbids PKCE. */
  codeChallenge: string | null;
}

/**
 * The parameters of a token request for a code (RFC 6749 §4.1.3, RFC 7636 §4.5). `codeVerifier` is null without PKCE.
 */
export interface CodeExchange {
  code: string;
  redirectUri: string;
  codeVerifier: string | null;
}

/** A provider's answer to a device authorization request (RFC 8628 §3.2). */
export interface DeviceAuthorization {
  deviceCode: string;
  userCode: string;
  verificationUri: string;
  verificationUriComplete: string | null;
  intervalSeconds: number;
  expiresInSeconds: number;
}

/** The result of one poll of the token endpoint (RFC 8628 §3.5). */
export type DevicePoll =
  | { kind: 'approved'; grant: TokenResponse }
  | { kind: 'pending' | 'slow_down' | 'denied' | 'expired' };

/**
 * Why a provider issued no token. `dead_grant`: the code or refresh token can never be used again (invalid_grant, GitHub's
 * bad_refresh_token). `denied`: the user refused. `client_fault`: a fault of the operator's client (invalid_client,
 * unauthorized_client, redirect_uri_mismatch). `rejected`: any other refusal. `transient`: out of reach, too slow, 5xx, 429,
 * or a reply that can't be understood: nothing is known.
 */
export type ProviderFaultKind = 'dead_grant' | 'denied' | 'client_fault' | 'rejected' | 'transient';

/**
 * How an answer was lost of a request that was sent. `timed_out`: the time limit ended, and the provider may still be
 * processing it. `cut`: the connection ended, or the answer cannot be read. In both cases it may have been granted.
 */
export type LostAnswer = 'timed_out' | 'cut';

interface ProviderFaultOptions {
  providerCode?: string | null;
  providerError?: string | null;
  status?: number | null;
  retryAfterSeconds?: number | null;
  lostAnswer?: LostAnswer | null;
  cause?: unknown;
}

/** The error of a call to a provider that gave no grant. */
export class ProviderFault extends Error {
  readonly kind: ProviderFaultKind;
  /** The provider's error code, when it is one of the registered or known words; never free text. */
  readonly providerCode: string | null;
  /** The provider's own error word, 1–64 of `A–Z a–z 0–9 _ . -`; no sentence, and nothing that was sent to it. */
  readonly providerError: string | null;
  /** The status of the reply; null without one. */
  readonly status: number | null;
  readonly retryAfterSeconds: number | null;
  readonly lostAnswer: LostAnswer | null;

  constructor(kind: ProviderFaultKind, options: ProviderFaultOptions = {}) {
    super(kind, { cause: options.cause });
    this.name = 'ProviderFault';
    this.kind = kind;
    this.providerCode = options.providerCode ?? null;
    this.providerError = options.providerError ?? null;
    this.status = options.status ?? null;
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
    this.lostAnswer = options.lostAnswer ?? null;
  }
}

/**
 * What became of a token. `gone`: the provider says that it is not valid any more. `failed`: it was refused, not answered in time,
 * or not sent, and may still work.
 */
export type RevocationOutcome = 'revoked' | 'gone' | 'failed';

/** What starts a flow at an OAuth provider. It needs no token of a user. */
export interface OAuthStarts {
  /** RFC 6749 §4.1.1, RFC 7636 §4.3. No call is made. */
  authorizationUrl(client: OAuthClient, request: AuthorizationRequest): string;
  /** RFC 8628 §3.1: one request. Throws ProviderFault. */
  startDevice(client: OAuthClient, scopes: readonly string[]): Promise<DeviceAuthorization>;
}

/** The other calls to an OAuth provider, each a single attempt: the caller decides whether to repeat it. */
export interface OAuthProtocol {
  /** What the record keeps of the callback's parameters. No call is made. */
  readCallback(client: OAuthClient, parameters: Readonly<Record<string, string>>): KeptValues;
  /** RFC 6749 §4.1.3: one request. Throws ProviderFault. */
  exchangeCode(client: OAuthClient, exchange: CodeExchange): Promise<TokenResponse>;
  /** RFC 6749 §6: one request. Throws ProviderFault. */
  refresh(client: OAuthClient, refreshToken: string, scopes: readonly string[]): Promise<TokenResponse>;
  /** RFC 8628 §3.4: one request. Throws ProviderFault (transient or client_fault). */
  pollDevice(client: OAuthClient, deviceCode: string): Promise<DevicePoll>;
  /** RFC 7009 or the record's style: one request, or none for a kind that the style cannot revoke. Never throws. */
  revoke(client: OAuthClient, token: string, kind: TokenKind): Promise<RevocationOutcome>;
  /**
   * Who the token is for and what is kept, from the identity and tenants endpoints; an endpoint that fails says nothing. `data`: the
   * variables and values known by then, for the record's fixed fields. Never throws.
   */
  identify(client: OAuthClient, accessToken: string, data: Readonly<Record<string, string>>): Promise<Identity>;
  /** What the identity endpoint says of the token; `unknown` when there is none. Never throws. */
  checkToken(client: OAuthClient, accessToken: string, data: Readonly<Record<string, string>>): Promise<CheckReply>;
}
