// OAuth states in DynamoDB, stored under the hash of their token. A state is consumed by setting `usedBy` to the operation's id,
// never by deleting it: after a lost response, a repeated attempt could not tell a deleted state from a missing one.
//
//   start                            user                               erasure
//   reads erasures = 0               erasures 0
//                                    erasures 1, all rows removed    ←  erases the user
//   stores a state if erasures 0  →  refused by NEVER_ERASED: nothing of the user is stored after the erasure
import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { type Item, withoutNulls } from '../../domain/credential/rows.ts';
import { NEW_STATE_FIELDS, StateRow } from '../../domain/oauth/oauth-state.ts';
import { PortFault } from '../../domain/ports/port-fault.ts';
import type { NewState, StateStore } from '../../domain/ports/state-store.ts';
import { flowKey, openStatesKey, stateKey } from './item-keys.ts';
import {
  buildConsumeUpdate,
  buildDenialUpdate,
  buildPendingCodeUpdate,
  buildPollClaimUpdate,
  buildReleaseUpdate,
  buildResultUpdate,
} from './state-updates.ts';
import { buildCounterUpdate, buildUserCheck, ROW_ABSENT, type Statement, ttlSeconds } from './statements.ts';
import { attempt, attemptConditional, attemptTransaction, isRefusal, type Table } from './table.ts';

/** Parses the item of a state; null if it is none. Fields that an older release did not store get their defaults. */
export const parseState = (tokenHash: string, item: Item | null | undefined): StateRow | null => {
  const parsed = StateRow.safeParse({ kind: 'external', ...NEW_STATE_FIELDS, ...item, tokenHash });
  return parsed.success ? parsed.data : null;
};

const buildStatePut = (table: string, { tokenHash, ...row }: StateRow): Statement => ({
  Put: {
    TableName: table,
    Item: { ...stateKey(tokenHash), ...withoutNulls(row), ttl: ttlSeconds(row.expiresAt) },
    ConditionExpression: ROW_ABSENT,
  },
});

/** Leads from the user to the state, so that an erasure finds it. */
const buildFlowPut = (table: string, { tokenHash, userId, expiresAt }: StateRow): Statement => ({
  Put: { TableName: table, Item: { ...flowKey(userId, tokenHash), ttl: ttlSeconds(expiresAt) } },
});

const buildCreation = (table: string, { row, maxOpen }: NewState): Statement[] => {
  const { expiresAt } = row;
  const counted = maxOpen === null ? [] : [buildCounterUpdate(table, { key: openStatesKey(row), expiresAt, maxOpen })];
  return [buildUserCheck(table, row), ...counted, buildStatePut(table, row), buildFlowPut(table, row)];
};

/** The first statement is the check of the user; null: all conditions hold. */
const open = async (table: Table, token: string, TransactItems: Statement[]) => {
  const command = new TransactWriteCommand({ ClientRequestToken: token, TransactItems });
  return attemptTransaction(() => table.client.send(command));
};

/** Implements `StateStore`. */
export const dynamodbStateStore = (table: Table): StateStore => ({
  async takePlace({ token, place, expiresAt, maxOpen }) {
    const counted = buildCounterUpdate(table.name, { key: openStatesKey(place), expiresAt, maxOpen });
    const refusals = await open(table, token, [buildUserCheck(table.name, place), counted]);
    if (refusals === null) return 'opened';
    return refusals[0] ? 'erasing' : 'too_many';
  },

  async createState(state) {
    const refusals = await open(table, state.token, buildCreation(table.name, state));
    if (refusals === null) return 'opened';
    if (refusals[0]) return 'erasing';
    // The state is the last statement but one.
    return refusals.at(-2) ? 'taken' : 'too_many';
  },

  async readState(tokenHash) {
    const command = new GetCommand({ TableName: table.name, Key: stateKey(tokenHash), ConsistentRead: true });
    const { Item } = await attempt(() => table.client.send(command));
    return Item ? parseState(tokenHash, Item) : null;
  },

  async consumeState(mark) {
    const result = await attemptConditional(() => table.client.send(buildConsumeUpdate(table.name, mark)));
    if (!isRefusal(result)) return parseState(mark.tokenHash, result.Attributes);
    // Consumed by an earlier attempt of this operation, whose response was lost.
    return result.item?.usedBy === mark.operationId ? parseState(mark.tokenHash, result.item) : null;
  },

  async storePendingCode(code) {
    const result = await attemptConditional(() => table.client.send(buildPendingCodeUpdate(table.name, code)));
    // A refusal with this receipt: stored by an earlier attempt of this operation, whose response was lost.
    return !isRefusal(result) || result.item?.receiptHash === code.receiptHash;
  },

  async noteDenial(tokenHash, now) {
    return !isRefusal(await attemptConditional(() => table.client.send(buildDenialUpdate(table.name, tokenHash, now))));
  },

  async claimPoll(claim) {
    return !isRefusal(await attemptConditional(() => table.client.send(buildPollClaimUpdate(table.name, claim))));
  },

  async noteResult(tokenHash, credentialId) {
    await attemptConditional(() => table.client.send(buildResultUpdate(table.name, tokenHash, credentialId)));
  },

  async releaseState(row) {
    try {
      await attemptConditional(() => table.client.send(buildReleaseUpdate(table.name, row)));
    } catch (error) {
      // Not repeated: the failed attempt may have taken effect, and a second decrement would lift the limit.
      if (!(error instanceof PortFault)) throw error;
    }
  },
});
