// The port to the check of a secret at a provider's API. A check reads nothing but whether the secret was taken, and whose it is.

import type { ReplyRule } from '../oauth/rules/reply-rule.ts';
import type { Account } from '../oauth/token-response.ts';

/** Where the account stands in a reply, as dotted paths. */
export interface AccountPaths {
  identityIdPath: string | null;
  identityNamePath: string | null;
}

/** The call that checks a secret: complete, with the secret in its headers or its URL. */
export interface CheckCall {
  method: 'GET' | 'HEAD' | 'POST';
  url: string;
  headers: Readonly<Record<string, string>>;
  invalidWhen: readonly ReplyRule[];
  /** null: the reply names no account. */
  account: AccountPaths | null;
}

/** What a provider said of a secret. `unknown`: it was not reached, or its reply tells nothing about the secret. */
export interface CheckReply {
  result: 'valid' | 'invalid' | 'unknown';
  /** The HTTP status of the reply; null without one. */
  providerStatus: number | null;
  account: Account | null;
}

/** The reply where nothing was asked, or no answer came. */
export const UNKNOWN_REPLY: CheckReply = { result: 'unknown', providerStatus: null, account: null };

/** Checks secrets, each with one request in a bounded time. */
export interface ProviderApi {
  /** Never throws: a provider out of reach, too slow or not allowed is `unknown`. */
  check(call: CheckCall): Promise<CheckReply>;
}
