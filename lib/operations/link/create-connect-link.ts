// Makes a connect link for a user. What it presets is checked now, so that the page it leads to does not fail for a mistake of the
// application. The token is in the link alone: the table has its hash.
import type { StoredCredential } from '../../domain/credential/credential.ts';
import { LINK_SECONDS, type LinkPayload, type LinkRow, linkWindow } from '../../domain/link/connect-link.ts';
import { MCP_PROVIDER } from '../../domain/mcp/grant-server.ts';
import { coversUrl, hasPlainPath } from '../../domain/mcp/resource-url.ts';
import { hashToken } from '../../domain/oauth/oauth-state.ts';
import { newStateToken } from '../../domain/oauth/pkce.ts';
import { isAllowedReturnUrl } from '../../domain/oauth/redirect-url.ts';
import { newIv, sealUnderToken } from '../../domain/oauth/token-seal.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { invalidRequest, ServiceError } from '../../domain/values/service-error.ts';
import { CONNECT_PATH } from '../../platform.ts';
import { readUpgradeTarget } from '../../steps/connect/upgrade-target.ts';
import { assertVariables } from '../../steps/credential/check-variables.ts';

/** What the link is for; what is left out, its user chooses. */
export interface CreateConnectLink {
  userId: string;
  provider?: string | undefined;
  /** The MCP server to connect, in place of a provider. */
  mcpServerUrl?: string | undefined;
  /** The credential to reconnect or to give more scopes. */
  credentialId?: string | undefined;
  scopes?: readonly string[] | undefined;
  variables?: Record<string, string> | undefined;
  returnUrl?: string | undefined;
  manage?: boolean | undefined;
  expiresInSeconds?: number | undefined;
}

/** `expiresAt` in epoch milliseconds. */
export interface CreatedLink {
  url: string;
  expiresAt: number;
}

type CreateDeps = Pick<
  Deps,
  'users' | 'links' | 'templates' | 'knownProviders' | 'redirects' | 'clock' | 'random' | 'limits'
>;

const assertReturnUrl = ({ redirects }: CreateDeps, { returnUrl }: CreateConnectLink): void => {
  if (returnUrl === undefined || isAllowedReturnUrl(returnUrl, redirects)) return;
  throw new ServiceError('url_not_allowed');
};

/** What the link connects: undefined: whatever its user chooses. */
interface Connected {
  provider: string | undefined;
  mcpServerUrl: string | null;
}

/** The URL is called when its connection starts; here it must only be one that a resource could cover. Throws `url_not_allowed`. */
const findNamed = ({ provider, mcpServerUrl }: CreateConnectLink): Connected => {
  if (mcpServerUrl === undefined) return { provider, mcpServerUrl: null };
  if (provider !== undefined && provider !== MCP_PROVIDER) throw invalidRequest('#/mcpServerUrl', 'is of no provider');
  if (!hasPlainPath(mcpServerUrl)) throw new ServiceError('url_not_allowed');
  return { provider: MCP_PROVIDER, mcpServerUrl };
};

/** A stored credential of an MCP server is connected again at the same resource. */
const findServerUrl = ({ resource }: StoredCredential, { mcpServerUrl }: Connected): string | null => {
  if (resource === null || mcpServerUrl === null) return resource;
  if (!coversUrl(resource, mcpServerUrl)) throw new ServiceError('not_upgradable');
  return mcpServerUrl;
};

/** What is connected: named, or that of the credential. Throws `credential_not_found`, `not_upgradable`, `url_not_allowed`. */
const findConnected = async (deps: CreateDeps, request: CreateConnectLink): Promise<Connected> => {
  const { userId, credentialId } = request;
  const named = findNamed(request);
  if (credentialId === undefined) return named;
  const row = named.provider === undefined ? await deps.users.readCredential(userId, credentialId) : null;
  const stored = row?.readable ? row.credential.provider : '';
  const target = await readUpgradeTarget(deps, { userId, provider: named.provider ?? stored, credentialId });
  return { provider: target.credential.provider, mcpServerUrl: findServerUrl(target.credential, named) };
};

/** Throws `provider_unknown`, `invalid_request` (scopes or variables of no provider, a variable that does not fit). */
const assertPreset = async (
  deps: CreateDeps,
  { scopes, variables }: CreateConnectLink,
  { provider }: Connected,
): Promise<void> => {
  if (provider === undefined) {
    if (scopes !== undefined) throw invalidRequest('#/scopes', 'needs provider, mcpServerUrl or credentialId');
    if (variables !== undefined) throw invalidRequest('#/variables', 'needs provider or credentialId');
    return;
  }
  if (provider === MCP_PROVIDER) {
    if (variables !== undefined) throw invalidRequest('#/variables', 'an MCP server has none');
    return;
  }
  if (!(await deps.knownProviders.isKnown(provider))) throw new ServiceError('provider_unknown');
  await assertVariables(deps, { provider, variables });
};

const buildPayload = (request: CreateConnectLink, { provider, mcpServerUrl }: Connected): LinkPayload => ({
  provider: provider ?? null,
  mcpServerUrl,
  credentialId: request.credentialId ?? null,
  scopes: request.scopes ? [...request.scopes] : null,
  variables: request.variables ?? null,
  returnUrl: request.returnUrl ?? null,
  manage: request.manage ?? false,
});

const buildRow = async (
  deps: CreateDeps,
  { userId, expiresInSeconds = LINK_SECONDS.default }: CreateConnectLink,
  { token, allows }: { token: string; allows: LinkPayload },
): Promise<LinkRow> => {
  const user = await deps.users.readUserRecord(userId);
  const createdAt = deps.clock.now();
  const row = { userId, kind: 'link' as const, createdAt, expiresAt: createdAt + expiresInSeconds * 1000 };
  const key = { secrets: [token], use: 'link' } as const;
  return {
    ...row,
    ...linkWindow(createdAt, expiresInSeconds),
    tokenHash: hashToken(token),
    erasures: user?.erasures ?? 0,
    browserHash: null,
    spentBy: null,
    sealed: sealUnderToken(key, { ...row, provider: null }, { document: allows, iv: newIv(deps.random.bytes) }),
  };
};

/**
 * Stores a new link; its URL has the token in the fragment, which a browser sends to no server. Throws `provider_unknown`,
 * `credential_not_found`, `not_upgradable`, `invalid_request` (scopes or variables), `url_not_allowed`, `too_many_open_states`,
 * `user_erasing`, `secrets_unavailable`.
 */
export const createConnectLink = async (deps: CreateDeps, request: CreateConnectLink): Promise<CreatedLink> => {
  assertReturnUrl(deps, request);
  const connected = await findConnected(deps, request);
  await assertPreset(deps, request, connected);
  const token = newStateToken(deps.random.bytes);
  const row = await buildRow(deps, request, { token, allows: buildPayload(request, connected) });
  const { maxOpenStatesPerUser: maxOpen } = deps.limits;
  const outcome = await deps.links.createLink({ row, token: deps.random.uuid(), maxOpen });
  if (outcome === 'too_many') throw new ServiceError('too_many_open_states');
  if (outcome === 'erasing') throw new ServiceError('user_erasing');
  return { url: `${deps.redirects.publicBaseUrl}${CONNECT_PATH}#${token}`, expiresAt: row.expiresAt };
};
