// The OAuth provider as seen by one invocation: it may be down or slow, its answer may be lost after it decided, or the
// invocation may crash at its call.
import type { TokenResponse } from '../../../../lib/domain/oauth/token-response.ts';
import { type OAuthClient, type OAuthProtocol, ProviderFault } from '../../../../lib/domain/ports/oauth-protocol.ts';
import { faultyAuthorization } from '../connect/faulty-authorization.ts';
import type { ExchangeEvent } from '../trace/refresh-log.ts';
import { crash, type Environment, nextFault, recordFault } from './environment.ts';
import type { ProviderFaultKind } from './faults.ts';
import type { Invocation } from './scheduler.ts';

const LATENCY_MILLISECONDS = 200;
/** The time limit of the real call. */
export const EXCHANGE_MILLISECONDS = 20_000;
const LONGEST_FREEZE_MILLISECONDS = 180_000;

const transient = (environment: Environment) =>
  new ProviderFault('transient', {
    retryAfterSeconds: environment.prng.chance(0.2) ? environment.prng.below(60) : null,
  });

const before = async (
  environment: Environment,
  invocation: Invocation,
  fault: ProviderFaultKind | null,
): Promise<void> => {
  await environment.scheduler.pause(invocation, environment.prng.below(LATENCY_MILLISECONDS));
  if (fault === 'crashed before the provider') await crash(environment, invocation);
  if (fault === 'provider down') throw transient(environment);
  if (fault === 'provider slow')
    await environment.scheduler.pause(invocation, environment.prng.below(EXCHANGE_MILLISECONDS - LATENCY_MILLISECONDS));
};

const after = async (
  environment: Environment,
  invocation: Invocation,
  { fault, made }: { fault: ProviderFaultKind | null; made: ExchangeEvent },
): Promise<void> => {
  if (fault === 'provider answers late')
    await environment.scheduler.pause(invocation, environment.prng.below(EXCHANGE_MILLISECONDS - LATENCY_MILLISECONDS));
  if (fault === 'crashed after the provider') await crash(environment, invocation);
  if (fault === 'frozen at the provider') {
    const milliseconds = environment.prng.below(LONGEST_FREEZE_MILLISECONDS);
    invocation.excusedMilliseconds += milliseconds;
    invocation.instance.noteFreeze(milliseconds);
    await environment.scheduler.pause(invocation, milliseconds);
  }
  if (fault !== 'provider lost the answer') return;
  const cut = environment.prng.chance(0.5);
  const waited = cut ? environment.prng.below(EXCHANGE_MILLISECONDS) : EXCHANGE_MILLISECONDS;
  await environment.scheduler.pause(invocation, waited);
  made.lost = true;
  if (!cut) made.underWayUntil = environment.scheduler.now() + EXCHANGE_MILLISECONDS;
  throw new ProviderFault('transient', { lostAnswer: cut ? 'cut' : 'timed_out' });
};

/** The provider decides and records its decision in one step. */
const decide = (environment: Environment, exchange: ExchangeEvent): TokenResponse | ProviderFault => {
  exchange.decidedStep = environment.scheduler.step();
  try {
    const grant = environment.provider.exchange(exchange.refreshToken);
    exchange.decision = 'granted';
    exchange.tokens = { accessToken: grant.accessToken, refreshToken: grant.refreshToken };
    return grant;
  } catch (error) {
    if (!(error instanceof ProviderFault)) throw error;
    exchange.decision = 'dead';
    return error;
  }
};

interface Sent {
  client: OAuthClient;
  refreshToken: string;
}

const newExchange = (
  environment: Environment,
  { id }: Invocation,
  { client: { clientId, profile }, refreshToken }: Sent,
): ExchangeEvent => ({
  callId: id,
  refreshToken,
  clientId,
  origin: new URL(profile.refreshEndpoint).origin,
  formerOrigins: profile.formerTokenOrigins,
  startedAt: environment.scheduler.now(),
  startedStep: environment.scheduler.step(),
  decidedStep: Number.POSITIVE_INFINITY,
  decision: 'none',
  tokens: null,
  delivered: false,
  lost: false,
  underWayUntil: 0,
});

const exchange = async (environment: Environment, invocation: Invocation, sent: Sent): Promise<TokenResponse> => {
  const made = newExchange(environment, invocation, sent);
  environment.refreshes.exchanges.push(made);
  const fault = nextFault(environment, invocation, 'provider');
  if (fault) recordFault(environment, fault, { invocation, method: 'refresh' });
  await before(environment, invocation, fault);
  const decision = decide(environment, made);
  environment.eventLog.append(
    () =>
      `call ${invocation.id} refresh ${sent.refreshToken} as ${made.clientId} at ${made.origin} → ${made.decision} ${JSON.stringify(made.tokens)}`,
  );
  await after(environment, invocation, { fault, made });
  made.delivered = true;
  if (decision instanceof ProviderFault) throw decision;
  return decision;
};

export const faultyProvider = (environment: Environment, invocation: Invocation): OAuthProtocol => ({
  ...faultyAuthorization(environment, invocation),
  refresh: (client, refreshToken) => exchange(environment, invocation, { client, refreshToken }),
  checkToken: async () => ({ result: 'unknown', providerStatus: null, account: null }),
  revoke: async ({ clientId }, token) => {
    await environment.scheduler.pause(invocation, environment.prng.below(LATENCY_MILLISECONDS));
    environment.provider.revoke(token);
    environment.refreshes.revoked.push(token);
    const step = environment.scheduler.step();
    environment.refreshes.revocations.push({ callId: invocation.id, token, clientId, step });
    return 'revoked';
  },
});
