// The authorization server as one invocation meets it: out of reach, slow, silent after it has decided, or the last thing that
// the invocation ever calls.
import { NOTHING_KEPT } from '../../../../lib/domain/oauth/kept/kept-values.ts';
import { codeChallenge } from '../../../../lib/domain/oauth/pkce.ts';
import type { TokenResponse } from '../../../../lib/domain/oauth/token-response.ts';
import {
  type DevicePoll,
  type OAuthProtocol,
  type OAuthStarts,
  ProviderFault,
} from '../../../../lib/domain/ports/oauth-protocol.ts';
import { deviceAuthorization } from '../../../support/memory/memory-oauth.ts';
import { crash, type Environment, nextFault, recordFault } from '../environment/environment.ts';
import type { ProviderFaultKind } from '../environment/faults.ts';
import type { Invocation } from '../environment/scheduler.ts';
import { drawApproval } from './approval.ts';
import { DEVICE_INTERVAL_SECONDS, type GrantEvent } from './authorization-server.ts';

const LATENCY_MILLISECONDS = 200;
const CALL_MILLISECONDS = 5_000;

type Faults = ProviderFaultKind | null;

/** One call: it may not arrive, is decided in one moment, and its answer may be lost. */
const callProvider = async <T>(
  environment: Environment,
  invocation: Invocation,
  { method, decide }: { method: string; decide: () => T },
): Promise<T> => {
  const { scheduler, prng } = environment;
  const pause = (milliseconds: number) => scheduler.pause(invocation, prng.below(milliseconds));
  const fault: Faults = nextFault(environment, invocation, 'provider');
  if (fault) recordFault(environment, fault, { invocation, method });
  await pause(LATENCY_MILLISECONDS);
  if (fault === 'crashed before the provider') await crash(environment, invocation);
  if (fault === 'provider down') throw new ProviderFault('transient');
  if (fault === 'provider slow') await pause(CALL_MILLISECONDS);
  const answer = decide();
  environment.eventLog.append(() => `call ${invocation.id} ${method} → ${JSON.stringify(answer)}`);
  if (fault === 'provider answers late') await pause(CALL_MILLISECONDS);
  if (fault === 'crashed after the provider') await crash(environment, invocation);
  if (fault === 'provider lost the answer') throw new ProviderFault('transient', { lostAnswer: 'timed_out' });
  return answer;
};

const newEvent = (
  { scheduler, authorization }: Environment,
  { id }: Invocation,
  sent: Pick<GrantEvent, 'kind' | 'code' | 'challenge'>,
): GrantEvent => {
  const event: GrantEvent = {
    ...sent,
    callId: id,
    startedStep: scheduler.step(),
    decision: 'none',
    grant: null,
    deliveredAt: Number.POSITIVE_INFINITY,
  };
  authorization.events.push(event);
  return event;
};

const exchangeCode =
  (environment: Environment, invocation: Invocation): OAuthProtocol['exchangeCode'] =>
  async (_client, exchange): Promise<TokenResponse> => {
    const challenge = codeChallenge(exchange.codeVerifier ?? '');
    const event = newEvent(environment, invocation, { kind: 'code', code: exchange.code, challenge });
    const decide = (): TokenResponse | ProviderFault => {
      try {
        event.grant = environment.authorization.redeem(exchange);
        event.decision = 'approved';
        return event.grant;
      } catch (error) {
        event.decision = 'refused';
        return error as ProviderFault;
      }
    };
    const answer = await callProvider(environment, invocation, { method: 'exchangeCode', decide });
    event.deliveredAt = environment.scheduler.now();
    if (answer instanceof ProviderFault) throw answer;
    return answer;
  };

const pollDevice =
  (environment: Environment, invocation: Invocation): OAuthProtocol['pollDevice'] =>
  async (_client, deviceCode): Promise<DevicePoll> => {
    const event = newEvent(environment, invocation, { kind: 'device', code: deviceCode, challenge: '' });
    const decide = () => {
      const poll = environment.authorization.poll(deviceCode, environment.scheduler.now());
      event.decision = poll.kind;
      event.grant = poll.kind === 'approved' ? poll.grant : null;
      return poll;
    };
    const poll = await callProvider(environment, invocation, { method: 'pollDevice', decide });
    event.deliveredAt = environment.scheduler.now();
    return poll;
  };

const startDevice =
  (environment: Environment, invocation: Invocation): OAuthStarts['startDevice'] =>
  (_client, scopes) => {
    const { authorization, scheduler, prng } = environment;
    authorization.deviceStarts.push({ callId: invocation.id, step: scheduler.step() });
    const decide = () => {
      const expiresInSeconds = prng.pick([10, 900]);
      const deviceCode = authorization.startDevice({
        approval: drawApproval(environment, scopes),
        decision: prng.chance(0.85) ? 'approved' : 'denied',
        decideAt: scheduler.now() + prng.pick([0, 0, 5_000, 20_000]),
        expiresAt: scheduler.now() + expiresInSeconds * 1000,
      });
      return deviceAuthorization({ deviceCode, intervalSeconds: DEVICE_INTERVAL_SECONDS, expiresInSeconds });
    };
    return callProvider(environment, invocation, { method: 'startDevice', decide });
  };

const identify =
  (environment: Environment, invocation: Invocation): OAuthProtocol['identify'] =>
  async (_client, accessToken) => {
    const { accounts, hidden } = environment.authorization;
    const id = accounts.get(accessToken);
    const isHidden = id === undefined || hidden.has(accessToken);
    const decide = () => ({ account: isHidden ? null : { id, name: `name of ${id}` }, kept: NOTHING_KEPT });
    const unknown = { account: null, kept: NOTHING_KEPT };
    return callProvider(environment, invocation, { method: 'identify', decide }).catch(() => unknown);
  };

/** What starts a connection. */
export const faultyStarts = (environment: Environment, invocation: Invocation): OAuthStarts => ({
  authorizationUrl: (_client, request) => {
    environment.authorization.requests.set(request.state, request);
    return 'https://acme.example/authorize';
  },
  startDevice: startDevice(environment, invocation),
});

/** What finishing a connection calls at the provider; the rest of the protocol is faulty-provider.ts. */
export const faultyAuthorization = (environment: Environment, invocation: Invocation) => ({
  readCallback: () => NOTHING_KEPT,
  exchangeCode: exchangeCode(environment, invocation),
  pollDevice: pollDevice(environment, invocation),
  identify: identify(environment, invocation),
});
