// MCP servers and authorization servers on one loopback host, told apart by their paths. Tools need a token of the right resource and
// scope. Refresh tokens rotate, and reuse revokes the whole grant; every token request must name the resource. A real MCP server can
// stand behind one of them.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type RecordedRequest, recordRequest, type ScriptedReply, sendReply } from '../providers/provider-stub.ts';
import { forward } from './forward.ts';

/** What a server is set to; each test changes what it needs. */
interface Settings {
  /** The authorization server that each MCP server names, by name. */
  issuers: Map<string, string>;
  /** What a challenge without a token asks for. */
  scopes: string[];
  expiresIn: number;
  /** The tools that need `mcp:write`. */
  writing: Set<string>;
  /** The MCP server that answers what is authorized, by name. */
  upstreams: Map<string, string>;
}

interface Code {
  issuer: string;
  clientId: string;
  redirectUri: string;
  resource: string;
  scope: string;
  challenge: string;
}

interface Family extends Code {
  generation: number;
  isRevoked: boolean;
  /** The end of the newest access token, in epoch milliseconds. */
  until: number;
}

/** A server for tests. */
export interface McpStub {
  url: string;
  requests: RecordedRequest[];
  settings: Settings;
  serverUrl(name: string): string;
  issuer(name: string): string;
  /** Requests to a path of an authorization server, such as `token`. */
  sentTo(issuer: string, path: string): RecordedRequest[];
  /** Forgets the clients that are registered at an authorization server. */
  forgetClients(issuer: string): void;
  /** Refuses an access token from now on, before its end; its refresh token stays valid. */
  refuse(token: string): void;
  /** A person approves at once: the query of the callback. */
  approve(authorizationUrl: string | URL): Promise<URLSearchParams>;
  /** Calls a tool; the status and the challenge of the answer. */
  call(url: string, token: string, tool?: string): Promise<{ status: number; challenge: string | null }>;
  reset(): void;
  close(): void;
}

const json = (body: object, status = 200): ScriptedReply => ({ status, body });
const refusal = (error: string, status = 400): ScriptedReply => json({ error }, status);

const s256 = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');

const bearer = ({ headers }: RecordedRequest): string => /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';

const clientIn = ({ headers, form }: RecordedRequest): string => {
  const [, basic = ''] = /^Basic (.+)$/.exec(headers.authorization ?? '') ?? [];
  const [id = ''] = Buffer.from(basic, 'base64').toString().split(':');
  return decodeURIComponent(id) || (form.client_id ?? '');
};

/** The authorization servers: their clients, codes and grants. */
const makeIssuers = (base: () => string, settings: Settings) => {
  const clients = new Map<string, Set<string>>();
  const codes = new Map<string, Code>();
  const families = new Map<string, Family>();
  let count = 0;

  const issue = (name: string, family: Family): ScriptedReply => {
    family.until = Date.now() + settings.expiresIn * 1000;
    return json({
      access_token: `access.${name}.${family.generation}`,
      refresh_token: `refresh.${name}.${family.generation}`,
      token_type: 'Bearer',
      expires_in: settings.expiresIn,
      scope: family.scope,
    });
  };

  const find = (token: string): { name: string; generation: number; family: Family | undefined } => {
    const [, name = '', generation = ''] = token.split('.');
    return { name, generation: Number(generation), family: families.get(name) };
  };

  const exchangeCode = (issuer: string, form: Record<string, string>): ScriptedReply => {
    const code = codes.get(form.code ?? '');
    codes.delete(form.code ?? '');
    const isGood = code?.issuer === issuer && s256(form.code_verifier ?? '') === code.challenge;
    if (!code || !isGood || form.redirect_uri !== code.redirectUri) return refusal('invalid_grant');
    if (form.resource !== code.resource) return refusal('invalid_target');
    const name = `f${++count}`;
    const family = { ...code, generation: 0, isRevoked: false, until: 0 };
    families.set(name, family);
    return issue(name, family);
  };

  const refresh = (issuer: string, form: Record<string, string>, clientId: string): ScriptedReply => {
    const { name, generation, family } = find(form.refresh_token ?? '');
    if (!family || family.issuer !== issuer || family.clientId !== clientId) return refusal('invalid_grant');
    if (form.resource !== family.resource) return refusal('invalid_target');
    // RFC 9700 §4.14.2: a reused token may have been stolen.
    if (generation !== family.generation) family.isRevoked = true;
    if (family.isRevoked) return refusal('invalid_grant');
    family.generation += 1;
    return issue(name, family);
  };

  const token = (issuer: string, request: RecordedRequest): ScriptedReply => {
    const clientId = clientIn(request);
    if (!clients.get(issuer)?.has(clientId)) return refusal('invalid_client', 401);
    const { form } = request;
    return form.grant_type === 'refresh_token' ? refresh(issuer, form, clientId) : exchangeCode(issuer, form);
  };

  const register = (issuer: string): ScriptedReply => {
    const clientId = `client-of-${issuer}-${++count}`;
    clients.set(issuer, new Set([...(clients.get(issuer) ?? []), clientId]));
    return json({ client_id: clientId, client_secret: `secret-${clientId}`, client_secret_expires_at: 0 }, 201);
  };

  const authorize = (issuer: string, query: URLSearchParams): ScriptedReply => {
    const value = (name: string): string => query.get(name) ?? '';
    if (!clients.get(issuer)?.has(value('client_id'))) return refusal('unauthorized_client');
    const code = `code-${++count}`;
    codes.set(code, {
      ...{ issuer, clientId: value('client_id'), redirectUri: value('redirect_uri'), resource: value('resource') },
      ...{ scope: value('scope'), challenge: value('code_challenge') },
    });
    const back = new URL(value('redirect_uri'));
    back.search = `${new URLSearchParams({ code, state: value('state'), iss: `${base()}/as/${issuer}` })}`;
    return { status: 302, headers: { location: back.href }, body: '' };
  };

  const revoke = ({ form }: RecordedRequest): ScriptedReply => {
    const { family } = find(form.token ?? '');
    if (family) family.isRevoked = true;
    return json({});
  };

  const metadata = (issuer: string): ScriptedReply => {
    const at = (path: string) => `${base()}/as/${issuer}/${path}`;
    return json({
      issuer: `${base()}/as/${issuer}`,
      authorization_endpoint: at('authorize'),
      token_endpoint: at('token'),
      registration_endpoint: at('register'),
      revocation_endpoint: at('revoke'),
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'none'],
      authorization_response_iss_parameter_supported: true,
    });
  };

  return { clients, find, token, register, authorize, revoke, metadata };
};

export const startMcpStub = async (): Promise<McpStub> => {
  const requests: RecordedRequest[] = [];
  const settings: Settings = {
    ...{ issuers: new Map(), scopes: ['mcp:read'], expiresIn: 3600 },
    ...{ writing: new Set(['write']), upstreams: new Map() },
  };
  let url = '';
  const issuers = makeIssuers(() => url, settings);
  const serverUrl = (name: string) => `${url}/mcp/${name}`;
  const issuerFor = (name: string) => settings.issuers.get(name) ?? 'main';

  const challenge = (name: string, scopes: readonly string[], error: string): string =>
    `Bearer error="${error}", scope="${scopes.join(' ')}", ` +
    `resource_metadata="${url}/.well-known/oauth-protected-resource/mcp/${name}"`;

  /** A token of another resource, of an issuer that the server left, or of a revoked grant is no token. */
  const serve = (name: string, request: RecordedRequest): ScriptedReply | { upstream: string } => {
    const { family, generation } = issuers.find(bearer(request));
    const isNow = family && family.generation === generation && Date.now() < family.until;
    const isGood = isNow && !family.isRevoked && family.resource === serverUrl(name);
    if (!isGood || family.issuer !== issuerFor(name)) {
      return { status: 401, headers: { 'www-authenticate': challenge(name, settings.scopes, 'invalid_token') } };
    }
    const { params } = JSON.parse(request.body || '{}') as { params?: { name?: string } };
    const needed = settings.writing.has(params?.name ?? '') ? 'mcp:write' : 'mcp:read';
    const upstream = settings.upstreams.get(name);
    const answer = upstream === undefined ? json({ jsonrpc: '2.0', id: 1, result: {} }) : { upstream };
    if (family.scope.split(' ').includes(needed)) return answer;
    return { status: 403, headers: { 'www-authenticate': challenge(name, [needed], 'insufficient_scope') } };
  };

  const reply = (request: RecordedRequest): ScriptedReply | { upstream: string } => {
    const { pathname, searchParams } = new URL(request.path, url);
    const [, mcp] = /^\/mcp\/(\w+)$/.exec(pathname) ?? [];
    if (mcp) return serve(mcp, request);
    const [, resource] = /^\/\.well-known\/oauth-protected-resource\/mcp\/(\w+)$/.exec(pathname) ?? [];
    if (resource) {
      return json({ resource: serverUrl(resource), authorization_servers: [`${url}/as/${issuerFor(resource)}`] });
    }
    const [, described] = /^\/\.well-known\/oauth-authorization-server\/as\/(\w+)$/.exec(pathname) ?? [];
    if (described) return issuers.metadata(described);
    const [, issuer = '', path] = /^\/as\/(\w+)\/(\w+)$/.exec(pathname) ?? [];
    if (path === 'register') return issuers.register(issuer);
    if (path === 'authorize') return issuers.authorize(issuer, searchParams);
    if (path === 'token') return issuers.token(issuer, request);
    return path === 'revoke' ? issuers.revoke(request) : { status: 404 };
  };

  const server = createServer((request, response) => {
    response.on('error', () => {});
    void recordRequest(request).then((recorded) => {
      requests.push(recorded);
      const answer = reply(recorded);
      if ('upstream' in answer) forward(recorded, response, answer.upstream);
      else sendReply(response, answer);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;

  return {
    url,
    requests,
    settings,
    serverUrl,
    issuer: (name) => `${url}/as/${name}`,
    sentTo: (issuer, path) => requests.filter((request) => request.path.startsWith(`/as/${issuer}/${path}`)),
    forgetClients: (issuer) => void issuers.clients.delete(issuer),
    refuse: (token) => {
      const { family } = issuers.find(token);
      if (family) family.until = 0;
    },
    async approve(authorizationUrl) {
      const response = await fetch(authorizationUrl, { redirect: 'manual' });
      const location = response.headers.get('location');
      if (location === null) throw new Error(`not approved: ${response.status} ${await response.text()}`);
      return new URL(location).searchParams;
    },
    async call(to, token, tool = 'read') {
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: tool } });
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const response = await fetch(to, { method: 'POST', headers, body });
      await response.text();
      return { status: response.status, challenge: response.headers.get('www-authenticate') };
    },
    reset() {
      requests.length = 0;
      settings.issuers.clear();
      settings.upstreams.clear();
      Object.assign(settings, { scopes: ['mcp:read'], expiresIn: 3600, writing: new Set(['write']) });
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
};
