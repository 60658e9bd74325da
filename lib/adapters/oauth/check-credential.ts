// Checks a secret with one request to its provider. Of the reply only the status, the account and what the rules name are read;
// nothing of it is logged or shown. A provider that is overloaded or out of reach never makes a secret invalid.
import type { ReplyRule } from '../../domain/oauth/rules/reply-rule.ts';
import {
  type AccountPaths,
  type CheckCall,
  type CheckReply,
  type ProviderApi,
  UNKNOWN_REPLY,
} from '../../domain/ports/provider-api.ts';
import { type GuardedFetchOptions, guardedFetch } from '../outbound/guarded-fetch.ts';
import { OutboundFault } from '../outbound/outbound-fault.ts';
import type { OutboundRequest } from '../outbound/request-options.ts';
import type { ProviderAccess } from './provider-call.ts';
import { matchesRule } from './replies/matches-rule.ts';
import { isSuccess, type ProviderReply, parseValue, readReply } from './replies/provider-reply.ts';
import { readAccount } from './replies/read-account.ts';

/** Overloaded, or a gateway that did not reach the provider: whatever else the reply says is not about the secret. */
const UNAVAILABLE = new Set([408, 425, 429, 502, 503, 504]);

type Reply = Pick<ProviderReply, 'status' | 'retryAfterSeconds' | 'text'>;

interface Check {
  url: string;
  request: OutboundRequest;
  invalidWhen: readonly ReplyRule[];
  account: AccountPaths | null;
  /** A reply without an account tells nothing, whatever its status. */
  needsAccount?: boolean;
}

const judge = (invalidWhen: readonly ReplyRule[], reply: Reply, body: unknown): CheckReply['result'] => {
  const { status, retryAfterSeconds } = reply;
  if (UNAVAILABLE.has(status)) return 'unknown';
  const isRefused = status === 401 || invalidWhen.some((rule) => matchesRule(rule, status, body));
  // A provider that asks to wait has not looked at the secret.
  if (isRefused) return retryAfterSeconds === null ? 'invalid' : 'unknown';
  return isSuccess(status) ? 'valid' : 'unknown';
};

/** null: no response. A body that is too large or cannot be decoded counts as empty. */
const send = async ({ fetch, clock }: ProviderAccess, url: string, request: OutboundRequest): Promise<Reply | null> => {
  try {
    return await readReply(await fetch(url, request), clock);
  } catch (error) {
    const status = error instanceof OutboundFault ? error.status : null;
    return status === null ? null : { status, retryAfterSeconds: null, text: '' };
  }
};

/** Sends one request and judges its reply. Never throws. */
export const checkReply = async (
  access: ProviderAccess,
  { url, request, invalidWhen, account, needsAccount = false }: Check,
): Promise<CheckReply> => {
  const reply = await send(access, url, request);
  if (reply === null) return UNKNOWN_REPLY;
  const body = parseValue(reply.text);
  const result = judge(invalidWhen, reply, body);
  const known = result === 'valid' && account !== null ? readAccount(body, account) : null;
  const isEmpty = needsAccount && result === 'valid' && known === null;
  return { result: isEmpty ? 'unknown' : result, providerStatus: reply.status, account: known };
};

/** The ProviderApi port over the guarded fetch. */
export const guardedProviderApi = ({
  clock,
  ...options
}: GuardedFetchOptions & Pick<ProviderAccess, 'clock'>): ProviderApi => {
  const access: ProviderAccess = { fetch: guardedFetch(options), clock, policy: options.policy };
  return {
    check: ({ method, url, headers, invalidWhen, account }: CheckCall) =>
      checkReply(access, { url, request: { method, headers }, invalidWhen, account }),
  };
};
