// The invariants of what a connection does to the user's credentials: it adds one or replaces the right one, and its flows stay
// within the limit.
import type { Item } from '../../../../lib/domain/credential/rows.ts';
import { CLOCK_ERROR_MILLISECONDS } from '../../../../lib/platform.ts';
import type { Trace } from '../simulate.ts';
import { getSnapshots } from '../trace/queries.ts';
import type { Snapshot } from '../trace/timeline.ts';
import { toRow } from '../trace/write-model.ts';
import type { GrantEvent } from './authorization-server.ts';
import { findConnectWrites, findGrant, findStart, findToken, findWrittenId } from './flow-evidence.ts';

/** One clock may be ahead and the other behind. */
const CLOCKS_APART_MILLISECONDS = 2 * CLOCK_ERROR_MILLISECONDS;

type Rule = (trace: Trace) => Iterable<string>;

/** After so long the code stops waiting for other writers, and adds a second credential rather than lose the tokens. */
const GUARDED_MILLISECONDS = 4_000;

const scopesIn = ({ scopes }: Item): string[] => (scopes as string[] | undefined) ?? [];

const covers = (granted: Item, wanted: Item): boolean =>
  scopesIn(wanted).every((scope) => scopesIn(granted).includes(scope));

/** Whether the credential cannot be used any more, by any clock. */
const isDead = (item: Item, { deliveredAt }: GrantEvent): boolean =>
  toRow(item).broken ||
  (item.hasRefreshToken === false && Number(item.expiresAt ?? Infinity) <= deliveredAt + CLOCKS_APART_MILLISECONDS);

/** What was taken over from another account. */
function* findMixtures(before: Item, after: Item, { grant }: GrantEvent): Iterable<string> {
  const [old, now] = [toRow(before), toRow(after)];
  const isMatch = before.accountId === after.accountId;
  if (!isMatch && before.accountId !== undefined && after.accountId !== undefined) yield 'became another account';
  const kept = old.broken || !isMatch ? undefined : old.secret.refreshToken;
  if (now.secret.refreshToken !== (grant?.refreshToken ?? kept)) yield 'has a wrong refresh token';
  if (!isMatch && before.username !== undefined && after.username === before.username)
    yield 'has the name of another account';
}

/** What is wrong with the row that took the place of another. */
function* findMergeErrors(before: Item, after: Item, event: GrantEvent): Iterable<string> {
  const [old, now] = [toRow(before), toRow(after)];
  if (old.title !== now.title || old.createdAt !== now.createdAt) yield 'lost the title or the time of creation';
  if (now.version !== old.version + 1) yield `made version ${now.version} of ${old.version}`;
  if (!covers(after, before) && !isDead(before, event)) yield `lost scopes of ${scopesIn(before)}`;
  yield* findMixtures(before, after, event);
}

const wasNamed = (trace: Trace, event: GrantEvent): string | undefined => {
  const token = findToken(trace, event);
  const start = token === undefined ? undefined : findStart(trace, token);
  return start?.kind === 'connect' ? start.credentialId : undefined;
};

/** A credential of the account that the new one should have replaced. */
const findDouble = ({ before }: Snapshot, added: Item): string | undefined =>
  [...(before?.rows ?? [])].find(
    ([, item]) =>
      item.type === 'oauth2' &&
      item.provider === added.provider &&
      item.accountId !== undefined &&
      item.accountId === added.accountId &&
      covers(added, item),
  )?.[0];

const existedBefore = (trace: Trace, userId: string, { id, step }: { id: string; step: number }): boolean =>
  getSnapshots(trace, userId).some((snapshot) => snapshot.step < step && snapshot.rows.has(id));

export const mergeRules: Readonly<Record<string, Rule>> = {
  *'a connection merges into the named credential or that of its account, as it is now'(trace) {
    for (const { snapshot, call } of findConnectWrites(trace)) {
      const [event, id] = [findGrant(trace, call.id), findWrittenId(snapshot)];
      const after = id === undefined ? undefined : snapshot.rows.get(id);
      const before = id === undefined ? undefined : snapshot.before?.rows.get(id);
      if (!event || id === undefined || !after) {
        yield `call ${call.id} wrote no credential of its own`;
      } else if (before) {
        for (const error of findMergeErrors(before, after, event))
          yield `call ${call.id} merged into ${id}: it ${error}`;
        const named = wasNamed(trace, event);
        if (named !== undefined && named !== id) yield `call ${call.id} merged into ${id}, not into ${named}`;
        if (named === undefined && (before.accountId !== after.accountId || !covers(after, before)))
          yield `call ${call.id} merged unasked into ${id}`;
      } else if (toRow(after).version !== 1 || existedBefore(trace, call.request.userId, { id, step: snapshot.step })) {
        yield `call ${call.id} restored ${id}`;
      }
    }
  },

  *'a user has one credential per account, however many connect it at once'(trace) {
    for (const { snapshot, call } of findConnectWrites(trace)) {
      const [event, id] = [findGrant(trace, call.id), findWrittenId(snapshot)];
      const added = id === undefined || snapshot.before?.rows.has(id) ? undefined : snapshot.rows.get(id);
      if (!event || !added || wasNamed(trace, event) !== undefined) continue;
      const double = findDouble(snapshot, added);
      const hurried = call.endAt - event.deliveredAt < GUARDED_MILLISECONDS;
      if (double !== undefined && hurried) yield `call ${call.id} added ${id} beside ${double} of ${added.accountId}`;
    }
  },

  *'a stored account is the one that approved'(trace) {
    for (const { snapshot, call } of findConnectWrites(trace)) {
      const [event, id] = [findGrant(trace, call.id), findWrittenId(snapshot)];
      const stored = id === undefined ? undefined : snapshot.rows.get(id)?.accountId;
      const account = trace.authorization.accounts.get(event?.grant?.accessToken ?? '');
      const isNew = id !== undefined && !snapshot.before?.rows.has(id);
      if (isNew && stored !== undefined && stored !== account) yield `call ${call.id} stored ${stored} for ${account}`;
    }
  },

  *'the provider is asked for device codes only within the limit on open flows'(trace) {
    const places = Map.groupBy(trace.places, ({ key }) => key);
    for (const [key, events] of places) {
      let open = 0;
      for (const { change, callId } of events) {
        open += change;
        if (open > trace.limits.maxOpenStatesPerUser) yield `call ${callId} opened flow ${open} of ${key}`;
      }
    }
    for (const { callId } of trace.authorization.deviceStarts) {
      if (!trace.places.some((place) => place.callId === callId)) yield `call ${callId} asked without a place`;
    }
  },
};
