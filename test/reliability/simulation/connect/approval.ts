// What a user approves at the provider, by chance: as whom they sign in, the scopes they allow, and what the reply tells.

import { newGrant } from '../../../support/memory/memory-oauth.ts';
import { providerKinds } from '../../../support/memory/token-provider.ts';
import type { Environment } from '../environment/environment.ts';
import type { Approval } from './authorization-server.ts';

/** The tokens of a new sign-in. Most users come back with the account they have connected before. */
export const drawApproval = ({ prng, provider }: Environment, requested: readonly string[]): Approval => {
  const account = prng.pick(['acc-1', 'acc-1', 'acc-1', 'acc-2']);
  const { accessToken, refreshToken } = provider.signIn(prng.pick(providerKinds));
  const isNarrow = requested.length > 1 && prng.chance(0.2);
  const grant = newGrant({
    accessToken,
    refreshToken: prng.chance(0.7) ? refreshToken : null,
    expiresInSeconds: prng.pick([30, 3600, null]),
    scopes: isNarrow ? requested.slice(0, 1) : prng.chance(0.5) ? null : [...requested],
    account: prng.chance(0.5) ? { id: account, name: `name of ${account}` } : null,
  });
  return { grant, account, isHidden: grant.account === null && prng.chance(0.4) };
};
