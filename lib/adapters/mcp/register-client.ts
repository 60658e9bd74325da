// Registers a client through the guarded fetch: one POST without a redirect. Every hop is hostile input: the size and time of the answer
// are bounded, and nothing that the server wrote is repeated but a plain error word.
import { chooseClientAuth } from '../../domain/mcp/client-auth.ts';
import { describeClient } from '../../domain/mcp/client-metadata.ts';
import { type NotConnectableReason, notConnectable } from '../../domain/mcp/not-connectable.ts';
import { readRegistration } from '../../domain/mcp/registration.ts';
import type { ClientRegistration, ClientToRegister } from '../../domain/ports/client-registration.ts';
import { ProviderFault } from '../../domain/ports/oauth-protocol.ts';
import type { Clock } from '../../domain/ports/runtime.ts';
import type { ServiceError } from '../../domain/values/service-error.ts';
import type { GuardedFetch } from '../outbound/guarded-fetch.ts';
import { OutboundFault, type OutboundReason } from '../outbound/outbound-fault.ts';

/** What a registration needs. */
export interface RegistrationAccess {
  fetch: GuardedFetch;
  clock: Clock;
  /** Shown on consent pages. */
  clientName: string;
}

const REASONS: Readonly<Record<OutboundReason, NotConnectableReason>> = {
  refused: 'url_not_allowed',
  unreachable: 'unreachable',
  too_slow: 'too_slow',
  too_large: 'invalid_reply',
  encoded: 'invalid_reply',
};

const fail = (reason: NotConnectableReason, cause?: unknown): ServiceError =>
  notConnectable('registration', reason, cause);

const translate = (error: unknown): ServiceError =>
  fail(error instanceof OutboundFault ? REASONS[error.reason] : 'unreachable', error);

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const ERROR_WORD = /^[\w.-]{1,64}$/;

/** The error word of an answer (RFC 7591 §3.2.2); null: none, or no plain word. */
const readErrorWord = (document: unknown): string | null => {
  const { error } = (typeof document === 'object' && document !== null ? document : {}) as { error?: unknown };
  return typeof error === 'string' && ERROR_WORD.test(error) ? error : null;
};

const chooseReason = (status: number, word: string | null): NotConnectableReason => {
  if (status >= 300 && status < 400) return 'redirected';
  if (status === 429 || status >= 500) return 'server_error';
  return word === 'invalid_redirect_uri' ? 'redirect_uri_refused' : 'registration_refused';
};

const refusal = (status: number, document: unknown): ServiceError => {
  const providerError = readErrorWord(document);
  return fail(chooseReason(status, providerError), new ProviderFault('rejected', { providerError, status }));
};

const grantTypes = (offered: readonly string[] | null, wanted: readonly string[]): readonly string[] =>
  offered === null ? wanted : wanted.filter((type) => offered.includes(type));

/** Implements `ClientRegistration`. */
export const registerClient = ({ fetch, clock, clientName }: RegistrationAccess): ClientRegistration => {
  const post = async (url: string, metadata: object) => {
    try {
      const headers = { 'content-type': 'application/json', accept: 'application/json' };
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(metadata) });
      return { ok: response.ok, status: response.status, document: parse(await response.text()) };
    } catch (error) {
      throw translate(error);
    }
  };

  return {
    async register({ server, redirectUri }: ClientToRegister) {
      if (server.registrationEndpoint === null) throw fail('registration_unsupported');
      const clientAuth = chooseClientAuth(server.clientAuthMethods);
      if (clientAuth === null) throw fail('client_auth_unsupported');
      const described = describeClient({ name: clientName, redirectUri });
      const { ok, status, document } = await post(server.registrationEndpoint, {
        ...described,
        grant_types: grantTypes(server.grantTypes, described.grant_types),
        token_endpoint_auth_method: clientAuth,
      });
      if (!ok) throw refusal(status, document);
      return readRegistration(document, { redirectUri, clientAuth, now: clock.now() });
    },
  };
};
