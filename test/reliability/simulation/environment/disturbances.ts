// What happens beside the calls: the TTL deletion removes an item whose ttl has passed, and a function is frozen between two
// awaits and thawed much later. Both draw from random numbers of their own, so that a run without them stays as it is.
import { counterTtlKey, leaseTtlKey, linksTtlKey, type MemoryTable } from '../../../support/memory/memory-table.ts';
import type { Environment } from './environment.ts';
import { createPrng, type Prng } from './prng.ts';

/** Of each run of a subject that is not about them. */
const SHARE_OF_RUNS = 0.2;
const FREEZE_CHANCE = 0.015;
const TTL_CHANCE = 0.15;
const FREEZES_MILLISECONDS = [300, 5_000, 45_000, 200_000, 3_600_000, 90_000_000, 2_700_000_000];
/** So many freezes of one run at most: each may make the others wait for a day. */
const MAX_FREEZES = 3;
/** Its random numbers begin elsewhere than those of the run. */
const OTHER_STREAM = 0x5eed_0000;

type Removal = () => void;

const isPast = (ttlSeconds: number | undefined, now: number): boolean =>
  ttlSeconds !== undefined && ttlSeconds * 1000 < now;

const expiredLinks = ({ links }: MemoryTable, now: number): Removal[] =>
  [...links]
    .filter(([, { expiresAt }]) => isPast(Math.ceil(expiresAt / 1000), now))
    .map(
      ([hash]) =>
        () =>
          void links.delete(hash),
    );

const expiredStates = ({ states }: MemoryTable, now: number): Removal[] =>
  [...states]
    .filter(([, { expiresAt }]) => isPast(Math.ceil(expiresAt / 1000), now))
    .map(
      ([hash]) =>
        () =>
          void states.delete(hash),
    );

/** The record of an erased user, its leases and its counters of open states. */
const expiredOfUsers = ({ users, ttls }: MemoryTable, now: number): Removal[] =>
  [...users].flatMap(([userId, user]) => [
    ...[...user.leases.keys()]
      .filter((id) => isPast(ttls.get(leaseTtlKey(userId, id)), now))
      .map((id) => () => void user.leases.delete(id)),
    ...[...user.openStates.keys()]
      .filter((counter) => isPast(ttls.get(counterTtlKey(userId, counter)), now))
      .map((counter) => () => void user.openStates.delete(counter)),
    ...[...user.openLinks.keys()]
      .filter((counter) => isPast(ttls.get(linksTtlKey(userId, counter)), now))
      .map((counter) => () => void user.openLinks.delete(counter)),
    ...(user.userRecord !== null && isPast(user.forgetAtSeconds ?? undefined, now)
      ? [() => Object.assign(user, { userRecord: null, forgetAtSeconds: null })]
      : []),
  ]);

/** DynamoDB deletes within days after the ttl, in no order: one item now, the others at another time or never. */
const deleteExpired = (environment: Environment, prng: Prng): void => {
  const { table, timeline, places, scheduler, eventLog } = environment;
  const now = scheduler.now();
  const removals = [...expiredStates(table, now), ...expiredLinks(table, now), ...expiredOfUsers(table, now)];
  if (removals.length === 0) return;
  prng.pick(removals)();
  environment.faultCounts.set('ttl deletion', (environment.faultCounts.get('ttl deletion') ?? 0) + 1);
  eventLog.append(() => 'TTL DELETION of an item');
  timeline.observe(0, 'ttl');
  places.observe(0, 'ttl');
};

/** DynamoDB knows an idempotency token for ten minutes ("TransactWriteItems", ClientRequestToken). */
export const TOKEN_MILLISECONDS = 600_000;

interface Forgetting {
  at: number;
  tokens: readonly string[];
}

/** A function that thaws after that time may repeat a write whose token is no longer known. */
const forgetTokens = ({ table, scheduler }: Environment, forgettings: readonly Forgetting[]): void => {
  for (const { at, tokens } of forgettings) {
    if (at <= scheduler.now()) for (const token of tokens) table.tokens.delete(token);
  }
};

const drawFreeze = (environment: Environment, prng: Prng, callId: number): number => {
  if (!prng.chance(FREEZE_CHANCE)) return 0;
  const milliseconds = 1 + prng.below(prng.pick(FREEZES_MILLISECONDS));
  environment.faultCounts.set('function frozen', (environment.faultCounts.get('function frozen') ?? 0) + 1);
  environment.eventLog.append(() => `call ${callId} FROZEN for ${milliseconds} ms`);
  return milliseconds;
};

/** Whether a run of this seed is disturbed; always, where the subject is about it. */
export const isDisturbed = (seed: number, always: boolean): boolean =>
  always || createPrng(OTHER_STREAM + seed).chance(SHARE_OF_RUNS);

/** From now on items expire and functions freeze. */
export const disturb = (environment: Environment, seed: number): void => {
  const prng = createPrng(OTHER_STREAM - seed);
  const { table, scheduler } = environment;
  const forgettings: Forgetting[] = [];
  scheduler.disturb = ({ id, instance }) => {
    forgetTokens(environment, forgettings);
    if (prng.chance(TTL_CHANCE)) deleteExpired(environment, prng);
    // A client is no function.
    if (id === 0 || forgettings.length === MAX_FREEZES) return 0;
    const milliseconds = drawFreeze(environment, prng, id);
    if (milliseconds === 0) return 0;
    forgettings.push({ at: scheduler.now() + TOKEN_MILLISECONDS, tokens: [...table.tokens] });
    environment.freezes.set(id, Math.max(milliseconds, environment.freezes.get(id) ?? 0));
    instance.noteFreeze(milliseconds);
    return milliseconds;
  };
};
