// The invariants of connecting MCP servers, in every run and under any fault. Each rule yields its violations; its name is the guarantee.
import { CLOCK_ERROR_MILLISECONDS } from '../../../../lib/platform.ts';
import { outcomeName } from '../trace/call.ts';
import type { ServerEvent } from './server-world.ts';
import type { ServerTrace, StoredGrant } from './simulate-servers.ts';

const TEN_MINUTES = 600_000;

const describeEvent = ({ kind, callId, clientId, issuer }: ServerEvent): string =>
  `the ${kind} of call ${callId} as ${clientId} at ${issuer}`;

const eventsOf = ({ world }: ServerTrace, { accessToken }: StoredGrant): readonly ServerEvent[] => {
  const grant = world.findGrant(accessToken);
  return world.events.filter((event) => event.grant === grant);
};

/** Why a grant is marked, as the servers know it; null: without a reason. */
const findWrongMark = (trace: ServerTrace, stored: StoredGrant): string | null => {
  const { brokenReason } = stored.credential;
  const events = eventsOf(trace, stored);
  const isTrue = {
    issuer_changed: () =>
      [...(trace.world.named.get(stored.server.resource) ?? [])].some((issuer) => issuer !== stored.server.issuer),
    client_gone: () => events.some(({ kind, decision }) => kind === 'refresh' && decision === 'client_refused'),
    invalid_grant: () => events.some(({ kind, decision }) => kind === 'refresh' && decision === 'dead'),
    // An answer was lost, or came and could not be stored: the token was spent all the same.
    uncertain_refresh: () =>
      events.some(({ kind, decision, lost }) => lost || (kind === 'refresh' && decision === 'dead')),
  } as Record<string, (() => boolean) | undefined>;
  if (brokenReason === null) return null;
  return isTrue[brokenReason]?.() ? null : brokenReason;
};

export const serverRules: Readonly<Record<string, (trace: ServerTrace) => Iterable<string>>> = {
  *'every call ends with a result or a ServiceError, and leaves nothing running'({ calls }) {
    for (const { id, kind, outcome, isLeftRunning } of calls) {
      if (outcome.kind === 'pending' || isLeftRunning) yield `call ${id} (${kind}) did not end`;
      if (outcome.kind === 'unexpected') yield `call ${id} (${kind}): ${outcome.error}`;
    }
  },

  *'a code or token goes only to its issuer, with the client it was issued to, for its resource'({ world }) {
    for (const event of world.events) {
      const { grant, issuer, clientId, resource } = event;
      const isOwn = grant?.issuer === issuer && grant.clientId === clientId && grant.resource === resource;
      if (!isOwn) yield `${describeEvent(event)} for ${resource} is of ${JSON.stringify(grant)}`;
    }
  },

  *'only a start registers'({ world, calls }) {
    for (const { callId, clientId } of world.registrations) {
      const kind = calls[callId - 1]?.kind;
      if (kind !== 'start') yield `call ${callId} (${kind}) registered ${clientId}`;
    }
  },

  *'a client is used once it is stored, at the issuer that registered it, and is never forgotten'(trace) {
    const stored = [...trace.issuers.clients.values(), ...trace.issuers.former.values()];
    for (const { clientId, issuer } of trace.world.asked.values()) {
      const isKept = stored.some((client) => client.clientId === clientId && client.issuer === issuer);
      if (!isKept) yield `${clientId} is used at ${issuer}, and not stored`;
    }
  },

  *'a grant is marked only for what is true of it'(trace) {
    for (const stored of trace.grants) {
      const wrong = findWrongMark(trace, stored);
      if (wrong !== null) yield `${stored.credential.id} is marked ${wrong}`;
    }
  },

  *'a grant is lost by reuse only where an answer was lost'(trace) {
    for (const grant of trace.world.grants.values()) {
      const events = trace.world.events.filter((event) => event.grant === grant && event.kind !== 'revoke');
      const isReused = events.some(({ kind, decision }) => kind === 'refresh' && decision === 'dead');
      const isRevoked = trace.world.events.some((event) => event.grant === grant && event.kind === 'revoke');
      const isExcused = events.some(({ lost }) => lost) || isRevoked;
      // A result that could not be stored is lost too: its call ended in a fault.
      const hasFault = events.some(({ callId }) => trace.calls[callId - 1]?.outcome.kind !== 'ok');
      if (isReused && !isExcused && !hasFault) yield `a refresh token of ${grant.name} was sent twice`;
    }
  },

  *'a client is replaced only if its secret ends or it was refused, and then once in ten minutes'({ puts }) {
    for (const { client, replaces } of puts) {
      if (replaces === null || replaces.expiresAt !== null) continue;
      if (replaces.refusedAt === null) yield `${client.clientId} replaced ${replaces.clientId}, which was not refused`;
      const age = client.createdAt - replaces.createdAt;
      if (age < TEN_MINUTES - 2 * CLOCK_ERROR_MILLISECONDS) yield `${replaces.clientId} was replaced after ${age} ms`;
    }
  },

  *'no grant is marked for a client that is gone before the next start would replace it'({ grants, issuers }) {
    for (const { credential, clientId } of grants) {
      if (credential.brokenReason !== 'client_gone') continue;
      const present = [...issuers.clients.values()].find((client) => client.clientId === clientId);
      if (present && present.refusedAt === null) yield `${credential.id} is marked, and ${clientId} is not noted`;
    }
  },

  *'a server can be connected again once the service has learned that its client is gone'({ last, world, calls }) {
    for (const { resource, before, isConnected } of last) {
      const isUsable = before === null || before.refusedAt !== null || world.known.has(before.clientId);
      if (isUsable && !isConnected)
        yield `${resource} is not connected: ${calls.slice(-3).map(({ kind, outcome }) => `${kind} ${outcomeName(outcome)}`)}`;
    }
  },
};

/** Each violated invariant with its first violation; empty when all hold. */
export const findServerViolations = (trace: ServerTrace): string[] =>
  Object.entries(serverRules).flatMap(([name, rule]) => {
    for (const violation of rule(trace)) return [`${name}: ${violation}`];
    return [];
  });
