// One exchange of a refresh token. A client that the provider does not take may have been rotated: its secret is fetched once
// more, past the cache, and tried if it is another.

import { fillTemplate } from '../../domain/oauth/provider-template.ts';
import type { TokenResponse } from '../../domain/oauth/token-response.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { type OAuthClient, ProviderFault } from '../../domain/ports/oauth-protocol.ts';
import type { KnownProvider } from '../../domain/ports/provider-directory.ts';
import { isEqualDigest } from '../../domain/values/digest.ts';
import { ServiceError } from '../../domain/values/service-error.ts';

type Variables = Readonly<Record<string, string>>;

export interface Exchange {
  known: KnownProvider;
  refreshToken: string;
  variables: Variables;
  /** Whether there is time for another call. */
  hasTime: () => boolean;
}

/** A provider that can't be called as it is configured. */
const misconfigured = (cause?: unknown) => new ProviderFault('client_fault', { cause });

/** The client with the endpoints of the grant's tenant. Throws ProviderFault (`client_fault`). */
export const clientOf = ({ provider, profile, client }: KnownProvider, variables: Variables): OAuthClient => {
  if (client === null) throw misconfigured();
  try {
    return { provider, profile: fillTemplate(profile, variables), ...client };
  } catch (error) {
    if (error instanceof ServiceError) throw misconfigured(error);
    throw error;
  }
};

const secretOf = ({ clientSecret }: OAuthClient): string => clientSecret?.expose() ?? '';

const isOther = (a: OAuthClient, b: OAuthClient): boolean =>
  a.clientId !== b.clientId || !isEqualDigest(secretOf(a), secretOf(b));

const rotated = async (
  deps: Pick<Deps, 'providers'>,
  used: OAuthClient,
  variables: Variables,
): Promise<OAuthClient | null> => {
  const known = await deps.providers.findPastCache(used.provider).catch((error) => {
    if (error instanceof ServiceError) return undefined;
    throw error;
  });
  if (!known?.client) return null;
  const client = clientOf(known, variables);
  return isOther(used, client) ? client : null;
};

/** RFC 6749 §6. Throws ProviderFault. */
export const exchangeGrant = async (
  deps: Pick<Deps, 'providers' | 'oauth'>,
  { known, refreshToken, variables, hasTime }: Exchange,
): Promise<TokenResponse> => {
  const client = clientOf(known, variables);
  try {
    return await deps.oauth.refresh(client, refreshToken, []);
  } catch (error) {
    if (!(error instanceof ProviderFault) || error.kind !== 'client_fault') throw error;
    const other = await rotated(deps, client, variables);
    if (other === null || !hasTime()) throw error;
    return deps.oauth.refresh(other, refreshToken, []);
  }
};
