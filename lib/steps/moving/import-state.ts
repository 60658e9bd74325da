// Stores an OAuth flow that was open in the system moved from, under its own token, so that the application can consume it here.

import type { MovedState } from '../../domain/moving/moved-state.ts';
import type { SkipReason } from '../../domain/moving/skip-reason.ts';
import { isAllowedCallbackUrl } from '../../domain/oauth/redirect-url.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { CreatedState } from '../../domain/ports/state-store.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { createStateAs } from '../connect/create-state.ts';

const OUTCOMES: Readonly<Record<Exclude<CreatedState, 'erasing'>, 'imported' | SkipReason>> = {
  opened: 'imported',
  taken: 'exists',
  too_many: 'state_limit',
};

/** Whether it was stored, or why not; never after another erasure than those counted. Throws `user_erasing`, `store_busy`. */
export const importState = async (
  deps: Pick<Deps, 'users' | 'states' | 'redirects' | 'clock' | 'random' | 'limits'>,
  { userId, erasures }: { userId: string; erasures: number },
  { token, provider, expiresAt, payload }: MovedState,
): Promise<'imported' | SkipReason> => {
  const { callbackUrl } = payload;
  const { allowedCallbackUrls } = deps.redirects;
  if (callbackUrl !== null && !isAllowedCallbackUrl(callbackUrl, allowedCallbackUrls)) return 'callback_not_allowed';
  const seconds = Math.floor((expiresAt - deps.clock.now()) / 1000);
  if (seconds <= 0) return 'expired_state';
  const lifetimeSeconds = Math.min(seconds, deps.limits.oauthStateTtlSeconds);
  const flow = { userId, provider, kind: 'external', document: payload, lifetimeSeconds } as const;
  const outcome = await createStateAs(deps, { token, erasures }, flow);
  if (outcome === 'erasing') throw new ServiceError('user_erasing');
  return OUTCOMES[outcome];
};
