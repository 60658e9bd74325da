// Why a server cannot be connected: the hop of discovery and a fixed reason, both fit to show a person. Nothing that a server sent
// is repeated.
import * as z from 'zod';
import { ServiceError } from '../values/service-error.ts';

/** The hop at which a server turned out not to be connectable. */
export const DiscoveryStep = z
  .enum(['challenge', 'resource_metadata', 'authorization_server_metadata', 'registration'])
  .meta({
    id: 'DiscoveryStep',
    description:
      '`challenge`: the request without a token that makes the server say how it is authorized. `resource_metadata`: the server’s ' +
      'own metadata (RFC 9728). `authorization_server_metadata`: the metadata of its authorization server (RFC 8414, OpenID). ' +
      '`registration`: the registration of a client there (RFC 7591).',
  });
export type DiscoveryStep = z.infer<typeof DiscoveryStep>;

/** A sentence for each reason. */
const SENTENCES = {
  url_not_allowed: 'It names a URL that may not be called.',
  unreachable: 'It cannot be reached.',
  too_slow: 'It did not answer in time.',
  server_error: 'It answered with an error.',
  redirected: 'It answered with a redirect, which is not followed.',
  invalid_reply: 'Its answer is too large or cannot be decoded.',
  not_protected: 'It asks for no authorization, so there is nothing to connect.',
  no_metadata: 'It has no metadata where the specification looks for it.',
  invalid_metadata: 'Its metadata is not valid.',
  resource_mismatch: 'Its metadata is about another resource.',
  no_authorization_server: 'Its metadata names no authorization server that may be called.',
  issuer_mismatch: 'Its metadata is that of another issuer.',
  pkce_unsupported: 'It does not offer PKCE with S256.',
  code_flow_unsupported: 'It does not offer the authorization code flow.',
  registration_unsupported: 'It registers no clients, and the operator has set none for it.',
  registration_refused: 'It refused to register a client.',
  redirect_uri_refused: 'It does not accept the redirect URI of this service.',
  client_auth_unsupported: 'It offers no client authentication that is known here.',
  invalid_registration: 'Its answer to the registration of a client is not valid.',
} as const;

/** A reason. */
export type NotConnectableReason = keyof typeof SENTENCES;

/** Every reason, in the order in which the hops find them. */
export const notConnectableReasons = Object.keys(SENTENCES) as [NotConnectableReason, ...NotConnectableReason[]];

/** The sentences, as Markdown. */
export const describeReasons = (): string =>
  notConnectableReasons.map((reason) => `- \`${reason}\`: ${SENTENCES[reason]}`).join('\n');

/** The `server_not_connectable` of a hop. Its detail is the sentence of the reason. */
export const notConnectable = (step: DiscoveryStep, reason: NotConnectableReason, cause?: unknown): ServiceError =>
  new ServiceError('server_not_connectable', {
    cause,
    detail: SENTENCES[reason],
    members: { step, reason },
    logReason: `${step}: ${reason}`,
  });

/** The reason of a `server_not_connectable`; null for any other error. */
export const readReason = (error: unknown): NotConnectableReason | null => {
  if (!(error instanceof ServiceError) || error.code !== 'server_not_connectable') return null;
  return error.members.reason as NotConnectableReason;
};
