// The invariants of revoking where it ends every grant of an account: it never ends another credential, and the last one is revoked.
import type { Item } from '../../../../lib/domain/credential/rows.ts';
import type { Trace } from '../simulate.ts';
import { type Call, isKind } from '../trace/call.ts';
import { findEffects, getSnapshots, getSnapshotsDuring, isErasing } from '../trace/queries.ts';
import type { Snapshot } from '../trace/timeline.ts';
import { ACME } from '../workload/request.ts';
import { isConnectRequest } from './connect-requests.ts';
import { findGrant } from './flow-evidence.ts';

type Rule = (trace: Trace) => Iterable<string>;

interface Owner {
  /** The credential that holds the tokens, if any does. */
  id: string | undefined;
  /** Undefined: not known. */
  accountId: unknown;
}

/** Whether the row may live on the same grant. */
const mayShare = ([rowId, item]: [string, Item], { id, accountId }: Owner): boolean =>
  rowId !== id &&
  item.type === 'oauth2' &&
  item.provider === ACME &&
  (item.accountId === undefined || accountId === undefined || item.accountId === accountId);

/** Whether another credential may live on the grant at that moment; nothing stays of a user who is being erased. */
export const isShared = (snapshot: Snapshot, owner: Owner): boolean =>
  !isErasing(snapshot) && [...snapshot.rows].some((row) => mayShare(row, owner));

/** A grant of another client or origin than the operator's entry names is sent nowhere, so it is left alive. */
const isEntryChanged = ({ faultCounts }: Trace): boolean => faultCounts.has('entry changed');

/** Whose tokens a call revokes: those of the row that it deletes, or those that a connection could not store. */
const findOwner = (trace: Trace, call: Call): Owner | null => {
  if (isConnectRequest(call.request)) {
    const accessToken = findGrant(trace, call.id)?.grant?.accessToken ?? '';
    return { id: undefined, accountId: trace.authorization.accounts.get(accessToken) };
  }
  if (!isKind(call, 'delete')) return null;
  const { id } = call.request;
  const row = getSnapshotsDuring(trace, call)
    .find(({ rows }) => rows.has(id))
    ?.rows.get(id);
  return row ? { id, accountId: row.accountId } : null;
};

export const disconnectRules: Readonly<Record<string, Rule>> = {
  *'a revocation that ends an account is sent only while the user has no other credential of it'(trace) {
    if (trace.revocation !== 'ends_account') return;
    for (const event of trace.refreshes.revocations) {
      const call = trace.calls.find(({ id }) => id === event.callId);
      const owner = call && findOwner(trace, call);
      if (!call || !owner) continue;
      const looked = getSnapshotsDuring(trace, call).filter(({ step }) => step <= event.step);
      if (looked.length > 0 && looked.every((snapshot) => isShared(snapshot, owner)))
        yield `call ${call.id} revoked ${event.token} beside another credential of ${owner.accountId}`;
    }
  },

  *'of the credentials of one account the last that is deleted is revoked'(trace) {
    if (trace.revocation !== 'ends_account' || isEntryChanged(trace)) return;
    for (const call of trace.calls) {
      if (!isKind(call, 'delete') || call.outcome.kind !== 'ok') continue;
      if ((call.outcome.value as { revoked: boolean | null }).revoked !== null) continue;
      const { id } = call.request;
      const before = findEffects(trace, call).find(({ method }) => method === 'write')?.before;
      const row = before?.rows.get(id);
      if (!before || row?.type !== 'oauth2' || row.provider !== ACME) continue;
      if (!isShared(before, { id, accountId: row.accountId })) yield `call ${call.id} left the grant of ${id} alive`;
    }
  },
};

/** Whether tokens that could not be stored were rightly spared, by what the call may have known of their account. */
export const isSpared = (trace: Trace, call: Call, accountId: string | undefined): boolean =>
  trace.revocation === 'ends_account' &&
  getSnapshots(trace, call.request.userId).some(
    (snapshot) => snapshot.step <= call.endStep && isShared(snapshot, { id: undefined, accountId }),
  );
