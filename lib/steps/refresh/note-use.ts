// Records on which day a credential was last used, so that the sweep renews only what is in use.
import type { StoredCredential } from '../../domain/credential/credential.ts';
import { planRenewal, toDay } from '../../domain/refresh/schedule.ts';
import { type RefreshDeps, toCredentialKey } from './lease.ts';

/** Writes at most once per credential and day; the store makes one attempt, best effort. */
export const noteUse = async (deps: RefreshDeps, credential: StoredCredential): Promise<void> => {
  const now = deps.clock.now();
  const usedDay = toDay(now);
  if (!credential.hasRefreshToken || credential.expiresAt === null || credential.usedDay === usedDay) return;
  const due = planRenewal({ ...credential, usedDay }, now, { ...deps.limits, fraction: deps.random.fraction() });
  await deps.refreshes.noteUse(toCredentialKey(credential), credential.secretRev, { usedDay, due });
};
