// The client of a trusted worker: every route of the runtime plane, resolving as a value, and a fetch that carries a user's
// credential. It keeps no secret of a user after a call.
import { type CredentialSource, credentialProvider } from './aws/credentials.ts';
import { makeSigner } from './aws/sign.ts';
import { type CredentialChoice, type CredentialRequestInit, fetchAsUser } from './fetch/fetch-as-user.ts';
import { fetchForMcp, type McpCredentialChoice } from './fetch/fetch-for-mcp.ts';
import type { ResolveRequest } from './generated/api-types.ts';
import { type WorkerRoutes, workerRoutes } from './generated/routes.ts';
import { type ResolveOutcome, resolveOutcome } from './resolve.ts';
import { isLoopback, readServiceUrl } from './service-url.ts';
import { type CallOptions, makeMethods, type Transport } from './transport/call.ts';

/** How a worker reaches the service. */
export interface WorkerSettings {
  /** The address of the service: the output `ApiUrl` of a deployment, or of `npm start`. */
  url: string;
  /** The AWS region. Omitted: `AWS_REGION`, else the one in `url`. */
  region?: string | undefined;
  /** AWS credentials. Omitted: the standard AWS chain; on this machine, those of the local server. */
  credentials?: CredentialSource | undefined;
  /** A profile of the AWS configuration files. */
  profile?: string | undefined;
  /** How long after its beginning one call may be repeated, in milliseconds. Default 10,000; 0: no call is repeated. */
  maxWaitMilliseconds?: number | undefined;
  /** Replaces `globalThis.fetch`, for calls of the service and of APIs. */
  fetch?: typeof globalThis.fetch | undefined;
}

/** The client of a trusted worker. */
export interface Worker extends WorkerRoutes {
  /** A working credential of the user, refreshed if need be, or why there is none. Throws `KeyholdError` only for faults. */
  resolve(userId: string, request: ResolveRequest, options?: CallOptions): Promise<ResolveOutcome>;
  /**
   * Calls an API as the user, as `fetch` does. The credential is chosen by `init.provider`, `init.credentialId` or the URL; a path alone is
   * appended to the provider's base URL. After a 401 of the API the token is reported, and the call made once more with a
   * new one. Throws `KeyholdError` where there is no credential that works.
   */
  fetch(userId: string, url: string | URL, init?: CredentialRequestInit): Promise<Response>;
  /** A function like `fetch` that calls as the user, for an SDK that takes one. */
  fetchAs(userId: string, choice?: CredentialChoice): typeof globalThis.fetch;
  /**
   * A function like `fetch` that calls one MCP server as the user, for the transport of an MCP SDK: give it as `fetch`, and no
   * `authProvider`. A call of another origin is a `TypeError`. Where the server asks for more scopes, it throws `InsufficientScopesError`, which
   * has what starts the step-up.
   */
  fetchForMcp(userId: string, serverUrl: string | URL, choice?: McpCredentialChoice): typeof globalThis.fetch;
}

const LOCAL_SERVER = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
const DEFAULT_WAIT_MILLISECONDS = 10_000;

const regionInHost = (url: string): string | undefined =>
  /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/.exec(new URL(url).hostname)?.[1];

const readRegion = (url: string, region: string | undefined): string => {
  if (region) return region;
  if (isLoopback(url)) return LOCAL_SERVER.region;
  const found = regionInHost(url) ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
  if (!found) throw new TypeError('region is missing: give it, or set AWS_REGION');
  return found;
};

const isForLocalServer = ({ url, credentials, profile }: WorkerSettings): boolean =>
  isLoopback(url) && credentials === undefined && profile === undefined;

/** How a worker's calls reach the service, signed. Throws `TypeError` for a wrong setting. */
export const workerTransport = (settings: WorkerSettings): Transport => {
  const baseUrl = readServiceUrl(settings.url);
  const source = isForLocalServer(settings) ? LOCAL_SERVER.credentials : settings.credentials;
  const credentials = credentialProvider(source, settings.profile, process.env);
  return {
    baseUrl,
    authorize: makeSigner(readRegion(baseUrl, settings.region), credentials),
    fetch: settings.fetch ?? globalThis.fetch,
    maxWaitMilliseconds: settings.maxWaitMilliseconds ?? DEFAULT_WAIT_MILLISECONDS,
  };
};

/** Makes the client of a worker. Nothing is called until a method is. Throws `TypeError` for a wrong setting. */
export const createWorker = (settings: WorkerSettings): Worker => {
  const transport = workerTransport(settings);
  const routes = makeMethods<WorkerRoutes>(transport, workerRoutes);
  const deps = { resolve: routes.resolveCredential, fetch: transport.fetch };
  return {
    ...routes,
    resolve: (userId, request, options) => resolveOutcome(routes, userId, request, options),
    fetch: (userId, url, init) => fetchAsUser(deps, userId, { input: url, init }),
    fetchAs: (userId, choice) => (input, init) => fetchAsUser(deps, userId, { input, init: { ...init, ...choice } }),
    fetchForMcp: (userId, serverUrl, choice = {}) => fetchForMcp(deps, { userId, serverUrl, choice }),
  };
};
