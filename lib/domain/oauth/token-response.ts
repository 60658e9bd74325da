// A token endpoint's reply in one form for all providers, and the account it belongs to. Types only.

import type { KeptValues } from './kept/kept-values.ts';

/** A successful token reply (RFC 6749 §5.1). Lifetimes are in seconds, counted from the reply. */
export interface TokenResponse {
  accessToken: string;
  refreshToken: string | null;
  /** The provider's value, or the default in its record; null: the token does not expire. */
  expiresInSeconds: number | null;
  refreshTokenExpiresInSeconds: number | null;
  /** null: the reply names no scopes. Empty: the reply has an empty scope list. */
  scopes: string[] | null;
  /** The account named in the reply itself, when the record's identity paths point into it. */
  account: Account | null;
  /** What the record keeps of the reply. */
  kept: KeptValues;
}

/** The account at the provider that a token belongs to. */
export interface Account {
  id: string;
  name: string | null;
}

/** What the identity and tenants endpoints say of a token. */
export interface Identity {
  /** null: not known. */
  account: Account | null;
  kept: KeptValues;
}
