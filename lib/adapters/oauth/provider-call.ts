// Sends one request to a provider through the guarded fetch and reads the reply whole. Failures become ProviderFaults without a
// cause, because errors of libraries contain requests and replies.
import type { CustomFetch, CustomFetchOptions } from 'openid-client';
import { ProviderFault } from '../../domain/ports/oauth-protocol.ts';
import type { Clock } from '../../domain/ports/runtime.ts';
import type { OutboundPolicy } from '../../domain/values/outbound-url.ts';
import type { GuardedFetch } from '../outbound/guarded-fetch.ts';
import { OutboundFault } from '../outbound/outbound-fault.ts';
import { type ProviderReply, readReply } from './replies/provider-reply.ts';

/** What the adapter needs to reach providers. */
export interface ProviderAccess {
  fetch: GuardedFetch;
  clock: Clock;
  policy: OutboundPolicy;
}

/** A forbidden URL or address is a fault of the operator's configuration, not of the provider. */
const translate = (error: unknown): ProviderFault => {
  if (!(error instanceof OutboundFault)) return new ProviderFault('transient');
  if (error.reason === 'refused') return new ProviderFault('client_fault');
  const lost = error.reason === 'too_slow' ? 'timed_out' : 'cut';
  return new ProviderFault('transient', { lostAnswer: error.sent ? lost : null });
};

/** Sends one request. Throws ProviderFault (`client_fault`, `transient`) without a reply; any status is a reply. */
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
  /** The format of the request body; default `form`. */
  format?: 'form' | 'json';
  /** Returns the reply's fields as openid-client expects them. Throws ProviderFault. */
  normalize(reply: ProviderReply): object;
}

/** A fetch for openid-client that passes on only normalized replies. */
export const normalizingFetch =
  (access: ProviderAccess, { format, normalize }: Translation): CustomFetch =>
  async (url: string, { method, headers, body, signal }: CustomFetchOptions) => {
    const parameters = new URLSearchParams(body as URLSearchParams);
    const formatted = format === 'json' ? asJson(headers, parameters) : asForm(headers, parameters);
    const reply = await callProvider(access, url, { method, ...formatted, ...(signal ? { signal } : {}) });
    return Response.json(normalize(reply));
  };

/** The ProviderFault that openid-client wrapped, else `transient`. */
export const toProviderFault = (error: unknown): ProviderFault => {
  if (error instanceof ProviderFault) return error;
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof ProviderFault ? cause : new ProviderFault('transient');
};
