// The invariants of what a grant is bound to: whatever the operator changes, its tokens go with the client that they were issued to,
// and to the origin that issued them or to the one that the provider moved to from there.
import type { Trace } from './simulate.ts';
import type { ExchangeEvent } from './trace/refresh-log.ts';

type Rule = (trace: Trace) => Iterable<string>;

/** The exchange that a token came from; none for the tokens of a sign-in, and for refresh tokens that do not rotate. */
const findIssuer = ({ refreshes }: Trace, token: string): ExchangeEvent | undefined =>
  refreshes.exchanges.find(({ tokens }) => tokens?.refreshToken === token || tokens?.accessToken === token);

export const grantRules: Readonly<Record<string, Rule>> = {
  *'a grant goes only with the client that it was issued to'(trace) {
    for (const { callId, refreshToken: token, clientId } of [...trace.refreshes.exchanges, ...revocations(trace)]) {
      const issuer = findIssuer(trace, token);
      if (issuer && issuer.clientId !== clientId)
        yield `call ${callId} sent ${token} of ${issuer.clientId} as ${clientId}`;
    }
  },

  *'a grant goes only to the origin that it was issued at, or on from a former one'(trace) {
    for (const { callId, refreshToken, origin, formerOrigins } of trace.refreshes.exchanges) {
      const issuer = findIssuer(trace, refreshToken);
      if (issuer && issuer.origin !== origin && !formerOrigins.includes(issuer.origin))
        yield `call ${callId} sent ${refreshToken} of ${issuer.origin} to ${origin}`;
    }
  },
};

const revocations = ({ refreshes }: Trace) =>
  refreshes.revocations.map(({ token, ...rest }) => ({ ...rest, refreshToken: token }));
