// Builds the single-item updates of an OAuth state, each with its own condition.
//
//   browser A                        state                              browser B
//   code arrives                  →  pendingCode, receiptHash of A
//                                    refused by FIRST_OR_SAME_CODE   ←  another code arrives (a replayed link)
//   the same code arrives again   →  receiptHash of A's new receipt (a reload, a navigation delivered twice)
//   completes, operation o1       →  usedBy o1
//                                    refused by UNUSED               ←  completes, operation o2
//   repeats o1 (response lost)    →  refused by UNUSED; the caller sees usedBy = o1 and knows its own work
import { UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import type { StateRow } from '../../domain/oauth/oauth-state.ts';
import type { ClaimPoll, ConsumeState, PendingCodeWrite } from '../../domain/ports/state-store.ts';
import { openStatesKey, stateKey } from './item-keys.ts';

/** The state has not been consumed: it works once. */
const UNUSED = 'attribute_not_exists(usedBy)';
/** The state has not expired. DynamoDB removes expired items up to days late, so the row may still be there. Also false for a missing row. */
const UNEXPIRED = 'expiresAt > :now';
/** The state belongs to this user: an attempt with another user's token must not consume it. */
const SAME_USER = 'userId = :user';
/** The state is for this provider: a code of one provider must not complete a connection to another. */
const SAME_PROVIDER = '#provider = :provider';
/** The state is of a connection: no other kind waits for a code at the callback. */
const IS_CONNECTION = 'kind = :connection';
/** No callback has brought a newer receipt since the row was read. */
const SAME_RECEIPT = 'receiptHash = :receipt';
/** No code has arrived: the first one wins. */
const NO_CODE_YET = 'attribute_not_exists(pendingCode)';
/** No code has arrived, or the same response did, a short time ago. */
const FIRST_OR_SAME_CODE = `(${NO_CODE_YET} OR (codeHash = :codeHash AND codeAt > :repeatableAfter))`;
/** No other poll has been claimed since the row was read. */
const SAME_POLL = 'pollAfter = :from';
/** The state has been consumed, so its result can be recorded. Also false for a missing row: an update never creates it. */
const USED = 'attribute_exists(usedBy)';
/** The counter exists and is positive: it must not be created again without its ttl, nor fall below zero. */
const ANY_OPEN = '#open > :none';

const all = (...clauses: string[]): string => clauses.join(' AND ');

type Change = Omit<UpdateCommandInput, 'TableName' | 'Key'>;

const buildStateUpdate = (table: string, tokenHash: string, change: Change): UpdateCommand =>
  new UpdateCommand({ TableName: table, Key: stateKey(tokenHash), ...change });

/** Consumes a state for one operation. Both new and old attributes are returned, so that the operation knows its own work. */
export const buildConsumeUpdate = (table: string, mark: ConsumeState): UpdateCommand =>
  buildStateUpdate(table, mark.tokenHash, {
    UpdateExpression: mark.outcome ? 'SET usedBy = :operation, outcome = :outcome' : 'SET usedBy = :operation',
    ConditionExpression: all(
      UNUSED,
      UNEXPIRED,
      SAME_USER,
      SAME_PROVIDER,
      ...(mark.receiptHash === null ? [] : [SAME_RECEIPT]),
    ),
    ExpressionAttributeNames: { '#provider': 'provider' },
    ExpressionAttributeValues: {
      ':operation': mark.operationId,
      ':user': mark.userId,
      ':provider': mark.provider,
      ':now': mark.now,
      ...(mark.outcome && { ':outcome': mark.outcome }),
      ...(mark.receiptHash !== null && { ':receipt': mark.receiptHash }),
    },
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });

/** Stores the first code that arrives, or its repetition under a new receipt; the time is that of the first. */
export const buildPendingCodeUpdate = (
  table: string,
  { tokenHash, pendingCode, receiptHash, codeHash, repeatableAfter, now }: PendingCodeWrite,
): UpdateCommand =>
  buildStateUpdate(table, tokenHash, {
    UpdateExpression:
      'SET pendingCode = :code, receiptHash = :receipt, codeHash = :codeHash, codeAt = if_not_exists(codeAt, :now)',
    ConditionExpression: all(UNUSED, UNEXPIRED, IS_CONNECTION, FIRST_OR_SAME_CODE),
    ExpressionAttributeValues: {
      ':code': pendingCode,
      ':receipt': receiptHash,
      ':codeHash': codeHash,
      ':repeatableAfter': repeatableAfter,
      ':connection': 'connection',
      ':now': now,
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });

/** Records that the provider redirected without a code. */
export const buildDenialUpdate = (table: string, tokenHash: string, now: number): UpdateCommand =>
  buildStateUpdate(table, tokenHash, {
    UpdateExpression: 'SET deniedAt = :now',
    ConditionExpression: all(UNUSED, UNEXPIRED, IS_CONNECTION, NO_CODE_YET),
    ExpressionAttributeValues: { ':connection': 'connection', ':now': now },
  });

/** Claims the next poll: of two callers that read the same `pollAfter`, one succeeds and polls the provider. */
export const buildPollClaimUpdate = (
  table: string,
  { tokenHash, from, until, pollSeconds, now }: ClaimPoll,
): UpdateCommand =>
  buildStateUpdate(table, tokenHash, {
    UpdateExpression: 'SET pollAfter = :until, pollSeconds = :seconds',
    ConditionExpression: all(UNUSED, UNEXPIRED, SAME_POLL),
    ExpressionAttributeValues: { ':from': from, ':until': until, ':seconds': pollSeconds, ':now': now },
  });

/** Records the credential that a consumed state led to. */
export const buildResultUpdate = (table: string, tokenHash: string, credentialId: string): UpdateCommand =>
  buildStateUpdate(table, tokenHash, {
    UpdateExpression: 'SET credentialId = :id',
    ConditionExpression: USED,
    ExpressionAttributeValues: { ':id': credentialId },
  });

/** Decrements the user's count of open states. */
export const buildReleaseUpdate = (table: string, row: StateRow): UpdateCommand =>
  new UpdateCommand({
    TableName: table,
    Key: openStatesKey(row),
    UpdateExpression: 'ADD #open :less',
    ConditionExpression: ANY_OPEN,
    ExpressionAttributeNames: { '#open': 'open' },
    ExpressionAttributeValues: { ':less': -1, ':none': 0 },
  });
