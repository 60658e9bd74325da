// One call to a provider: through the guarded fetch, read whole, and never more than one request. What went wrong on the way
// is a ProviderFault without a cause, since errors of libraries carry requests and replies.
import type { CustomFetch, CustomFetchOptions } from 'openid-client';
import { ProviderFault } from '../../domain/ports/oauth-protocol.ts';
import type { Clock } from '../../domain/ports/runtime.ts';
import type { OutboundPolicy } from '../../domain/values/outbound-url.ts';
import type { GuardedFetch } from '../outbound/guarded-fetch.ts';
import { OutboundFault } from '../outbound/outbound-fault.ts';
import { type ProviderReply, readReply } from './replies/provider-reply.ts';

export interface ProviderAccess {
  fetch: GuardedFetch;
  clock: Clock;
  policy: OutboundPolicy;
}

/** A URL or address that may not be fetched is the operator's fault, not the provider's. */
const translate = (error: unknown): ProviderFault =>
  new ProviderFault(error instanceof OutboundFault && error.reason === 'refused' ? 'client_fault' : 'transient');

/** Sends one request; throws ProviderFault when there is no reply. */
export const callProvider = async (
  { fetch, clock }: ProviderAccess,
  url: string,
  request: Parameters<GuardedFetch>[1],
): Promise<ProviderReply> => {
  try {
    return await readReply(await fetch(url, request), clock);
  } catch (error) {
    throw translate(error);
  }
};

const asJson = (headers: Record<string, string>, body: URLSearchParams) => ({
  headers: { ...headers, 'content-type': 'application/json' },
  body: JSON.stringify(Object.fromEntries(body)),
});

const asForm = (headers: Record<string, string>, body: URLSearchParams) => ({ headers, body: body.toString() });

interface Translation {
  /** Default: form. */
  format?: 'form' | 'json' | undefined;
  /** What openid-client is to see of the reply; throws ProviderFault. */
  normalize(reply: ProviderReply): object;
}

/** The fetch for openid-client, which then meets only regular replies. */
export const normalizingFetch =
  (access: ProviderAccess, { format, normalize }: Translation): CustomFetch =>
  async (url: string, { method, headers, body, signal }: CustomFetchOptions) => {
    const parameters = new URLSearchParams(body as URLSearchParams);
    const written = format === 'json' ? asJson(headers, parameters) : asForm(headers, parameters);
    const reply = await callProvider(access, url, { method, ...written, ...(signal ? { signal } : {}) });
    return Response.json(normalize(reply));
  };

/** The fault behind an error of openid-client, which wraps what its fetch throws. */
export const providerFaultIn = (error: unknown): ProviderFault => {
  if (error instanceof ProviderFault) return error;
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof ProviderFault ? cause : new ProviderFault('transient');
};
