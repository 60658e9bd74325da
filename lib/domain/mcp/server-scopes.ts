// The scopes of a connection to an MCP server (MCP authorization, "Scope Selection Strategy"): those that were asked for, else those of
// the challenge, else those that the resource's metadata lists, else none.
import { boundScopes } from '../values/names.ts';
import type { AuthorizationServer } from './authorization-server.ts';

/** Without it some servers give no refresh token (OpenID Connect Core §11). */
const OFFLINE_ACCESS = 'offline_access';

/** What a server says about scopes. */
interface SaidScopes {
  server: Pick<AuthorizationServer, 'scopesSupported' | 'grantTypes'>;
  challengeScopes: readonly string[] | null;
  resourceScopes: readonly string[] | null;
}

const mayRefresh = ({ scopesSupported, grantTypes }: SaidScopes['server']): boolean =>
  (scopesSupported ?? []).includes(OFFLINE_ACCESS) && (grantTypes ?? ['refresh_token']).includes('refresh_token');

/**
 * The scopes to request; none: the server decides. `asked`: empty counts as not asked. `offline_access` is added only where the
 * authorization server lists it, and never alone: it would replace the scopes that the server gives by default.
 */
export const chooseServerScopes = (said: SaidScopes, asked: readonly string[] | undefined): readonly string[] => {
  const chosen = asked?.length ? asked : boundScopes(said.challengeScopes ?? said.resourceScopes ?? []);
  if (chosen.length === 0 || !mayRefresh(said.server)) return chosen;
  return [...new Set([...chosen, OFFLINE_ACCESS])];
};
