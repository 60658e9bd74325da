// The single-item updates of a state's row, each under its own condition. All but the note of a result need a flow that is
// alive: TTL is late by design, so each looks at expiresAt itself.
import { UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import type { StateRow } from '../../domain/oauth/oauth-state.ts';
import type { ClaimPoll, ConsumeState, PendingCodeWrite } from '../../domain/ports/state-store.ts';
import { openStatesKey, stateKey } from './item-keys.ts';

const ALIVE = 'attribute_not_exists(usedBy) AND expiresAt > :now';
/** Of a connection that no code has come back for. */
const AWAITS_CODE = `${ALIVE} AND kind = :connection AND attribute_not_exists(pendingCode)`;

type Change = Omit<UpdateCommandInput, 'TableName' | 'Key'>;

const update = (table: string, tokenHash: string, change: Change): UpdateCommand =>
  new UpdateCommand({ TableName: table, Key: stateKey(tokenHash), ...change });

export const markUsed = (table: string, mark: ConsumeState): UpdateCommand =>
  update(table, mark.tokenHash, {
    UpdateExpression: mark.outcome ? 'SET usedBy = :operation, outcome = :outcome' : 'SET usedBy = :operation',
    ConditionExpression: `${ALIVE} AND userId = :user AND #provider = :provider`,
    ExpressionAttributeNames: { '#provider': 'provider' },
    ExpressionAttributeValues: {
      ':operation': mark.operationId,
      ':user': mark.userId,
      ':provider': mark.provider,
      ':now': mark.now,
      ...(mark.outcome && { ':outcome': mark.outcome }),
    },
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });

/** The first code wins. */
export const park = (table: string, { tokenHash, pendingCode, receiptHash, now }: PendingCodeWrite): UpdateCommand =>
  update(table, tokenHash, {
    UpdateExpression: 'SET pendingCode = :code, receiptHash = :receipt',
    ConditionExpression: AWAITS_CODE,
    ExpressionAttributeValues: {
      ':code': pendingCode,
      ':receipt': receiptHash,
      ':connection': 'connection',
      ':now': now,
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });

export const deny = (table: string, tokenHash: string, now: number): UpdateCommand =>
  update(table, tokenHash, {
    UpdateExpression: 'SET deniedAt = :now',
    ConditionExpression: AWAITS_CODE,
    ExpressionAttributeValues: { ':connection': 'connection', ':now': now },
  });

export const claim = (table: string, { tokenHash, from, until, pollSeconds, now }: ClaimPoll): UpdateCommand =>
  update(table, tokenHash, {
    UpdateExpression: 'SET pollAfter = :until, pollSeconds = :seconds',
    ConditionExpression: `${ALIVE} AND pollAfter = :from`,
    ExpressionAttributeValues: { ':from': from, ':until': until, ':seconds': pollSeconds, ':now': now },
  });

export const noteCredential = (table: string, tokenHash: string, credentialId: string): UpdateCommand =>
  update(table, tokenHash, {
    UpdateExpression: 'SET credentialId = :id',
    ConditionExpression: 'attribute_exists(usedBy)',
    ExpressionAttributeValues: { ':id': credentialId },
  });

/** Only of a counter that is still there: it must not be made again without its ttl. */
export const release = (table: string, row: StateRow): UpdateCommand =>
  new UpdateCommand({
    TableName: table,
    Key: openStatesKey(row),
    UpdateExpression: 'ADD #open :less',
    ConditionExpression: '#open > :none',
    ExpressionAttributeNames: { '#open': 'open' },
    ExpressionAttributeValues: { ':less': -1, ':none': 0 },
  });
