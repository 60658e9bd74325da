// The ports of one invocation that lead to MCP servers and to what is stored about issuers: each call may fail before it arrives, its
// answer may be lost after it was decided, and the invocation may crash around it.
import { retryingPort } from '../../../../lib/adapters/resilience/retrying-port.ts';
import { notConnectable } from '../../../../lib/domain/mcp/not-connectable.ts';
import { NOTHING_KEPT } from '../../../../lib/domain/oauth/kept/kept-values.ts';
import type { Deps } from '../../../../lib/domain/ports/deps.ts';
import type { IssuerStore } from '../../../../lib/domain/ports/issuer-store.ts';
import { type OAuthClient, type OAuthProtocol, ProviderFault } from '../../../../lib/domain/ports/oauth-protocol.ts';
import { Secret } from '../../../../lib/domain/values/secret.ts';
import { authorizationServer } from '../../../support/memory/mcp/memory-discovery.ts';
import { crash, type Environment, nextFault, recordFault } from '../environment/environment.ts';
import type { Invocation } from '../environment/scheduler.ts';
import { createStoreCaller } from '../environment/store-caller.ts';
import type { ServerEvent, ServerWorld } from './server-world.ts';

const LATENCY_MILLISECONDS = 200;
const SLOW_MILLISECONDS = 5_000;

/** All that an invocation meets. */
export interface ServerContext {
  environment: Environment;
  invocation: Invocation;
  world: ServerWorld;
  issuers: IssuerStore;
}

interface RemoteCall<T> {
  method: string;
  decide: () => T;
  /** The request did not arrive, or its answer did not. */
  fail: (isLost: boolean) => Error;
}

const callRemote = async <T>({ environment, invocation }: ServerContext, call: RemoteCall<T>): Promise<T> => {
  const { scheduler, prng, eventLog } = environment;
  const { method, decide, fail } = call;
  const fault = nextFault(environment, invocation, 'provider');
  if (fault) recordFault(environment, fault, { invocation, method });
  await scheduler.pause(invocation, prng.below(LATENCY_MILLISECONDS));
  if (fault === 'crashed before the provider') await crash(environment, invocation);
  if (fault === 'provider down') throw fail(false);
  if (fault === 'provider slow') await scheduler.pause(invocation, prng.below(SLOW_MILLISECONDS));
  const answer = decide();
  eventLog.append(() => `call ${invocation.id} ${method} → ${JSON.stringify(answer)}`);
  if (fault === 'provider answers late') await scheduler.pause(invocation, prng.below(SLOW_MILLISECONDS));
  if (fault === 'crashed after the provider') await crash(environment, invocation);
  if (fault === 'provider lost the answer') throw fail(true);
  return answer;
};

const transient = (isLost: boolean) => new ProviderFault('transient', isLost ? { lostAnswer: 'timed_out' } : {});

/** A token request: lost until its answer has come. */
const requestToken = async <T>(
  context: ServerContext,
  method: string,
  send: () => { event: ServerEvent; answer: T | ProviderFault },
): Promise<T> => {
  const decide = () => {
    const sent = send();
    sent.event.lost = true;
    return sent;
  };
  const { event, answer } = await callRemote(context, { method, decide, fail: transient });
  event.lost = false;
  if (answer instanceof ProviderFault) throw answer;
  return answer;
};

const protocol = (
  context: ServerContext,
): Pick<OAuthProtocol, 'exchangeCode' | 'refresh' | 'revoke' | 'identify' | 'readCallback'> => {
  const { world, invocation } = context;
  return {
    readCallback: () => NOTHING_KEPT,
    identify: async () => ({ account: null, kept: NOTHING_KEPT }),
    exchangeCode: (client, exchange) =>
      requestToken(context, 'exchangeCode', () => world.exchangeCode(invocation.id, client, exchange)),
    refresh: (client, token) => requestToken(context, 'refresh', () => world.refresh(invocation.id, client, token)),
    revoke: async (client, token) => {
      const decide = () => world.revoke(invocation.id, client, token);
      const done = callRemote(context, { method: 'revoke', decide, fail: transient });
      return done.then(
        () => 'revoked' as const,
        () => 'failed' as const,
      );
    },
  };
};

const registering = (context: ServerContext): Deps['registrations'] => ({
  register: async ({ server: { issuer } }) => {
    const { clientId, expiresAt } = await callRemote(context, {
      method: 'register',
      decide: () => context.world.register(context.invocation.id, issuer),
      fail: () => notConnectable('registration', 'unreachable'),
    });
    return {
      clientId,
      clientAuth: 'client_secret_basic',
      clientSecret: new Secret(`secret of ${clientId}`),
      expiresAt,
    };
  },
});

/** The store of the run under faults; what is put is put in one step. */
const faultyIssuers = ({ environment, invocation, issuers }: ServerContext): IssuerStore => {
  const call = createStoreCaller(environment, invocation);
  return {
    readCachedServer: (issuer) => call('readCachedServer', () => issuers.readCachedServer(issuer)),
    writeCachedServer: (cached) => call('writeCachedServer', () => issuers.writeCachedServer(cached)),
    readClient: (key) => call('readClient', () => issuers.readClient(key)),
    readFormerClient: (key) => call('readFormerClient', () => issuers.readFormerClient(key)),
    putClient: (client, replaces) => call('putClient', () => issuers.putClient(client, replaces)),
    keepClient: (key) => call('keepClient', () => issuers.keepClient(key)),
    noteRefusedClient: (key, at) => call('noteRefusedClient', () => issuers.noteRefusedClient(key, at)),
  };
};

/** The dependencies of an invocation, with all of MCP in place. */
export const withServers = (deps: Deps, context: ServerContext): Deps => {
  const { world } = context;
  return {
    ...deps,
    issuers: retryingPort(faultyIssuers(context), { ...deps, clock: context.invocation.instance.own }),
    registrations: registering(context),
    discovery: {
      readServer: async (issuer) => authorizationServer(issuer),
      discover: ({ url }) =>
        callRemote(context, {
          method: 'discover',
          decide: () => ({
            ...{ resource: url, challengeScopes: null, resourceScopes: null },
            server: authorizationServer(world.issuers.get(url) ?? ''),
          }),
          fail: () => notConnectable('challenge', 'unreachable'),
        }),
    },
    issuerReader: {
      readIssuerNow: (resource) =>
        callRemote(context, {
          method: 'readIssuerNow',
          decide: () => world.issuers.get(resource) ?? null,
          fail: () => new Error('unreachable'),
        }).catch(() => null),
    },
    oauth: { ...deps.oauth, ...protocol(context) },
    oauthStarts: {
      ...deps.oauthStarts,
      authorizationUrl: ({ clientId, profile }: OAuthClient, { state, codeChallenge }) => {
        const asked = { clientId, issuer: profile.issuer ?? '', resource: profile.resource ?? '' };
        world.asked.set(state, { ...asked, challenge: codeChallenge });
        return `${profile.authorizationEndpoint}?state=${state}`;
      },
    },
  };
};
