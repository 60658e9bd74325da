// Makes a connect link for a user. What it presets is checked now, so that the page it leads to does not fail for a mistake of the
// application. The token is in the link alone: the table has its hash.
import { LINK_SECONDS, type LinkPayload, type LinkRow, linkWindow } from '../../domain/link/connect-link.ts';
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

/** The provider, named or that of the credential. Throws `credential_not_found`, `not_upgradable`. */
const findProvider = async (deps: CreateDeps, { userId, provider, credentialId }: CreateConnectLink) => {
  if (credentialId === undefined) return provider;
  const row = provider === undefined ? await deps.users.readCredential(userId, credentialId) : null;
  const stored = row?.readable ? row.credential.provider : '';
  const target = await readUpgradeTarget(deps, { userId, provider: provider ?? stored, credentialId });
  return target.credential.provider;
};

/** Throws `provider_unknown`, `invalid_request` (scopes or variables of no provider, a variable that does not fit). */
const assertPreset = async (
  deps: CreateDeps,
  { scopes, variables }: CreateConnectLink,
  provider: string | undefined,
): Promise<void> => {
  if (provider === undefined) {
    if (scopes !== undefined) throw invalidRequest('#/scopes', 'needs provider or credentialId');
    if (variables !== undefined) throw invalidRequest('#/variables', 'needs provider or credentialId');
    return;
  }
  if (!(await deps.knownProviders.isKnown(provider))) throw new ServiceError('provider_unknown');
  await assertVariables(deps, { provider, variables });
};

const buildPayload = (request: CreateConnectLink, provider: string | undefined): LinkPayload => ({
  provider: provider ?? null,
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
  const provider = await findProvider(deps, request);
  await assertPreset(deps, request, provider);
  const token = newStateToken(deps.random.bytes);
  const row = await buildRow(deps, request, { token, allows: buildPayload(request, provider) });
  const { maxOpenStatesPerUser: maxOpen } = deps.limits;
  const outcome = await deps.links.createLink({ row, token: deps.random.uuid(), maxOpen });
  if (outcome === 'too_many') throw new ServiceError('too_many_open_states');
  if (outcome === 'erasing') throw new ServiceError('user_erasing');
  return { url: `${deps.redirects.publicBaseUrl}${CONNECT_PATH}#${token}`, expiresAt: row.expiresAt };
};
