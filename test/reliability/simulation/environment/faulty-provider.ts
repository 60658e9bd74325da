// The provider of grants as one invocation meets it: it may be down, slow, lose its answer after it has decided, or be the
// last thing the invocation ever calls.
import { type OAuthProtocol, ProviderFault, type TokenResponse } from '../../../../lib/domain/ports/oauth-protocol.ts';
import { memoryOAuth } from '../../../support/memory/memory-oauth.ts';
import type { ExchangeEvent } from '../evidence/refresh-log.ts';
import type { ProviderFaultKind } from './faults.ts';
import type { Invocation } from './scheduler.ts';
import { crash, nextFault, strike, type World } from './world.ts';

const LATENCY_MILLISECONDS = 200;
/** The limit under which the real call is. */
const TIMEOUT_MILLISECONDS = 5_000;
const LONGEST_FREEZE_MILLISECONDS = 180_000;

const transient = (world: World) =>
  new ProviderFault('transient', { retryAfterSeconds: world.dice.chance(0.2) ? world.dice.below(60) : null });

const before = async (world: World, invocation: Invocation, fault: ProviderFaultKind | null): Promise<void> => {
  await world.scheduler.pause(invocation, world.dice.below(LATENCY_MILLISECONDS));
  if (fault === 'crashed before the provider') await crash(world, invocation);
  if (fault === 'provider down') throw transient(world);
  if (fault === 'provider slow') await world.scheduler.pause(invocation, world.dice.below(TIMEOUT_MILLISECONDS));
};

const after = async (world: World, invocation: Invocation, fault: ProviderFaultKind | null): Promise<void> => {
  if (fault === 'crashed after the provider') await crash(world, invocation);
  if (fault === 'frozen at the provider') {
    const milliseconds = world.dice.below(LONGEST_FREEZE_MILLISECONDS);
    invocation.excusedMilliseconds += milliseconds;
    await world.scheduler.pause(invocation, milliseconds);
  }
  if (fault !== 'provider lost the answer') return;
  await world.scheduler.pause(invocation, world.dice.below(TIMEOUT_MILLISECONDS));
  throw transient(world);
};

/** What the provider decides is decided in one moment, and written down in it. */
const decide = (world: World, exchange: ExchangeEvent): TokenResponse | ProviderFault => {
  exchange.decidedStep = world.scheduler.step();
  try {
    const grant = world.provider.exchange(exchange.refreshToken);
    exchange.decision = 'granted';
    exchange.tokens = { accessToken: grant.accessToken, refreshToken: grant.refreshToken };
    return grant;
  } catch (error) {
    if (!(error instanceof ProviderFault)) throw error;
    exchange.decision = 'dead';
    return error;
  }
};

const newExchange = (world: World, { id }: Invocation, refreshToken: string): ExchangeEvent => ({
  callId: id,
  refreshToken,
  startedAt: world.scheduler.now(),
  startedStep: world.scheduler.step(),
  decidedStep: Number.POSITIVE_INFINITY,
  decision: 'none',
  tokens: null,
  delivered: false,
});

const exchange = async (world: World, invocation: Invocation, refreshToken: string): Promise<TokenResponse> => {
  const made = newExchange(world, invocation, refreshToken);
  world.refreshes.exchanges.push(made);
  const fault = nextFault(world, invocation, 'provider');
  if (fault) strike(world, fault, { invocation, method: 'refresh' });
  await before(world, invocation, fault);
  const decision = decide(world, made);
  world.story.tell(
    () => `call ${invocation.id} refresh ${refreshToken} → ${made.decision} ${JSON.stringify(made.tokens)}`,
  );
  await after(world, invocation, fault);
  made.delivered = true;
  if (decision instanceof ProviderFault) throw decision;
  return decision;
};

export const faultyProvider = (world: World, invocation: Invocation): OAuthProtocol => ({
  ...memoryOAuth(),
  refresh: (_client, refreshToken) => exchange(world, invocation, refreshToken),
  revoke: async (_client, token) => {
    await world.scheduler.pause(invocation, world.dice.below(LATENCY_MILLISECONDS));
    world.provider.revoke(token);
    world.refreshes.revoked.push(token);
    return true;
  },
});
