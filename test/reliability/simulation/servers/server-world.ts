// MCP servers and their authorization servers in memory: registrations that can be lost, codes, and refresh tokens that rotate, where
// reuse revokes the whole grant. Resources can move to another issuer. It remembers every request, for the rules.
import { codeChallenge } from '../../../../lib/domain/oauth/pkce.ts';
import type { TokenResponse } from '../../../../lib/domain/oauth/token-response.ts';
import { type CodeExchange, type OAuthClient, ProviderFault } from '../../../../lib/domain/ports/oauth-protocol.ts';
import { newGrant } from '../../../support/memory/memory-oauth.ts';

/** A token request or a revocation, as it was decided. `lost`: the caller may not have learned of it. */
export interface ServerEvent {
  kind: 'code' | 'refresh' | 'revoke';
  callId: number;
  issuer: string;
  clientId: string;
  resource: string | null;
  /** The grant that the token is of; of a code, the one it belongs to. */
  grant: ServerGrant | undefined;
  decision: 'granted' | 'client_refused' | 'dead';
  lost: boolean;
}

/** A grant, bound to all that it was made with. */
export interface ServerGrant {
  name: string;
  issuer: string;
  clientId: string;
  resource: string;
  generation: number;
  isRevoked: boolean;
}

/** A client that an issuer registered. */
interface Registration {
  callId: number;
  issuer: string;
  clientId: string;
  /** Epoch milliseconds; null: its secret has no end. */
  expiresAt: number | null;
}

/** What an authorization URL asks for. */
interface Asked {
  issuer: string;
  clientId: string;
  resource: string;
  challenge: string | null;
}

const CLIENT_REFUSED = new ProviderFault('client_fault', { status: 401, providerCode: 'invalid_client' });
const DEAD = new ProviderFault('dead_grant', { status: 400, providerCode: 'invalid_grant' });

const readToken = (token: string) => {
  const [, name = '', generation = ''] = token.split('.');
  return { name, generation: Number(generation) };
};

export interface ServerWorldOptions {
  now: () => number;
  expiresInSeconds: number;
  /** How long a registered secret lives; null: without end. */
  secretMilliseconds: number | null;
}

export const createServerWorld = ({ now, expiresInSeconds, secretMilliseconds }: ServerWorldOptions) => {
  const known = new Map<string, Registration>();
  const registrations: Registration[] = [];
  const asked = new Map<string, Asked>();
  const codes = new Map<string, { asked: Asked; grant: ServerGrant; isRedeemed: boolean }>();
  const grants = new Map<string, ServerGrant>();
  const issuers = new Map<string, string>();
  const events: ServerEvent[] = [];
  /** Every issuer that a resource has named. */
  const named = new Map<string, Set<string>>();
  let refusing = 0;

  const issuerAt = ({ profile }: OAuthClient): string => profile.tokenEndpoint.replace(/\/token$/, '');

  const isKnown = (issuer: string, { clientId, clientSecret }: OAuthClient): boolean => {
    const registered = known.get(clientId);
    if (registered?.issuer !== issuer || clientSecret?.expose() !== `secret of ${clientId}`) return false;
    return registered.expiresAt === null || now() < registered.expiresAt;
  };

  const issue = (grant: ServerGrant): TokenResponse =>
    newGrant({
      accessToken: `access.${grant.name}.${grant.generation}`,
      refreshToken: `refresh.${grant.name}.${grant.generation}`,
      expiresInSeconds,
    });

  const record = (
    kind: ServerEvent['kind'],
    callId: number,
    { client, grant }: { client: OAuthClient; grant: ServerGrant | undefined },
  ): ServerEvent => {
    const { clientId, profile } = client;
    const [issuer, resource] = [issuerAt(client), profile.resource];
    const isRefused = !isKnown(issuer, client) || (kind !== 'revoke' && refusing > 0);
    if (isRefused && refusing > 0) refusing--;
    const decision = isRefused ? ('client_refused' as const) : ('dead' as const);
    const event: ServerEvent = { kind, callId, issuer, clientId, resource, grant, decision, lost: false };
    events.push(event);
    return event;
  };

  /** Whether the request names what the grant was made with. */
  const isOwn = ({ issuer, clientId, resource, grant }: ServerEvent): boolean =>
    grant?.issuer === issuer && grant.clientId === clientId && grant.resource === resource;

  const redeem = (event: ServerEvent, { code, codeVerifier }: CodeExchange): TokenResponse | ProviderFault => {
    if (event.decision === 'client_refused') return CLIENT_REFUSED;
    const found = codes.get(code);
    const isRight = found?.asked.challenge === codeChallenge(codeVerifier ?? '') && isOwn(event);
    if (!found || !isRight || found.isRedeemed) return DEAD;
    found.isRedeemed = true;
    event.decision = 'granted';
    return issue(found.grant);
  };

  const rotate = (event: ServerEvent, refreshToken: string): TokenResponse | ProviderFault => {
    if (event.decision === 'client_refused') return CLIENT_REFUSED;
    const { grant } = event;
    if (!grant || !isOwn(event)) return DEAD;
    if (readToken(refreshToken).generation !== grant.generation) grant.isRevoked = true;
    if (grant.isRevoked) return DEAD;
    grant.generation++;
    event.decision = 'granted';
    return issue(grant);
  };

  const world = {
    ...{ known, registrations, asked, grants, issuers, events, named },
    findGrant: (token: string): ServerGrant | undefined => grants.get(readToken(token).name),
    /** The resource names this issuer from now on. */
    move(resource: string, issuer: string): void {
      issuers.set(resource, issuer);
      named.set(resource, (named.get(resource) ?? new Set()).add(issuer));
    },
    register(callId: number, issuer: string): Registration {
      const clientId = `client-${registrations.length + 1}`;
      const expiresAt = secretMilliseconds === null ? null : now() + secretMilliseconds;
      const made = { callId, issuer, clientId, expiresAt };
      registrations.push(made);
      known.set(clientId, made);
      return made;
    },
    /** The issuer loses all its registrations. */
    forget(issuer: string): void {
      for (const [id, client] of known) if (client.issuer === issuer) known.delete(id);
    },
    /** The next token request is refused by mistake. */
    refuseNext(): void {
      refusing = 1;
    },
    /** Nothing is refused by mistake any more. */
    settle(): void {
      refusing = 0;
    },
    /** The user approves; null: the server does not know the client, and sends the browser nowhere. */
    approve(state: string): { code: string; iss: string } | null {
      const request = asked.get(state);
      if (!request || known.get(request.clientId)?.issuer !== request.issuer) return null;
      const grant = { name: `g${grants.size + 1}`, ...request, generation: 0, isRevoked: false };
      grants.set(grant.name, grant);
      const code = `code.${grant.name}`;
      codes.set(code, { asked: request, grant, isRedeemed: false });
      return { code, iss: request.issuer };
    },
    exchangeCode(callId: number, client: OAuthClient, exchange: CodeExchange) {
      const event = record('code', callId, { client, grant: codes.get(exchange.code)?.grant });
      return { event, answer: redeem(event, exchange) };
    },
    refresh(callId: number, client: OAuthClient, refreshToken: string) {
      const event = record('refresh', callId, { client, grant: world.findGrant(refreshToken) });
      return { event, answer: rotate(event, refreshToken) };
    },
    revoke(callId: number, client: OAuthClient, token: string): void {
      const event = record('revoke', callId, { client, grant: world.findGrant(token) });
      if (event.decision === 'client_refused' || !event.grant || !isOwn(event)) return;
      event.decision = 'granted';
      event.grant.isRevoked = true;
    },
  };
  return world;
};

export type ServerWorld = ReturnType<typeof createServerWorld>;
