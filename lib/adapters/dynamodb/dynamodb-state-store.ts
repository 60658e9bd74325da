// OAuth states in DynamoDB, under the hash of their token. A use is a mark that names its attempt; the row goes by TTL,
// late by design, so every condition looks at expiresAt itself.
import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { type Item, withoutNulls } from '../../domain/credential/rows.ts';
import { NEW_STATE_FIELDS, StateRow } from '../../domain/oauth/oauth-state.ts';
import { PortFault } from '../../domain/ports/port-fault.ts';
import type { NewState, StateStore } from '../../domain/ports/state-store.ts';
import { headKey, openStatesKey, stateKey } from './item-keys.ts';
import { claim, deny, markUsed, noteCredential, park, release } from './state-updates.ts';
import { attempt, attemptConditional, attemptTransaction, isRefusal, type Table } from './table.ts';
import type { Statement } from './write-statements.ts';

const parseState = (tokenHash: string, item: Item | null | undefined): StateRow | null => {
  const parsed = StateRow.safeParse({ kind: 'external', ...NEW_STATE_FIELDS, ...item, tokenHash });
  return parsed.success ? parsed.data : null;
};

const ttlSeconds = (expiresAt: number) => Math.ceil(expiresAt / 1000);

/** The user is not being erased, and has not been since the flow began. */
const headCheck = (table: string, { userId, erasures }: StateRow): Statement => ({
  ConditionCheck: {
    TableName: table,
    Key: headKey(userId),
    ...(erasures === 0
      ? { ConditionExpression: 'attribute_not_exists(erasing) AND attribute_not_exists(erasures)' }
      : {
          ConditionExpression: 'attribute_not_exists(erasing) AND erasures = :erasures',
          ExpressionAttributeValues: { ':erasures': erasures },
        }),
  },
});

const countOpened = (table: string, { row, maxOpen }: NewState): Statement => ({
  Update: {
    TableName: table,
    Key: openStatesKey(row),
    UpdateExpression: 'ADD #open :one SET #ttl = :ttl',
    ConditionExpression: 'attribute_not_exists(#open) OR #open < :max',
    ExpressionAttributeNames: { '#open': 'open', '#ttl': 'ttl' },
    // Kept while any flow of the window may be open, with an hour to spare.
    ExpressionAttributeValues: { ':one': 1, ':max': maxOpen, ':ttl': ttlSeconds(row.expiresAt) + 3600 },
  },
});

const putState = (table: string, { tokenHash, ...row }: StateRow): Statement => ({
  Put: {
    TableName: table,
    Item: { ...stateKey(tokenHash), ...withoutNulls(row), ttl: ttlSeconds(row.expiresAt) },
    ConditionExpression: 'attribute_not_exists(pk)',
  },
});

export const dynamodbStateStore = (table: Table): StateStore => ({
  async createState(open) {
    const TransactItems = [
      headCheck(table.name, open.row),
      countOpened(table.name, open),
      putState(table.name, open.row),
    ];
    const refusals = await attemptTransaction(() =>
      table.client.send(new TransactWriteCommand({ ClientRequestToken: open.token, TransactItems })),
    );
    if (refusals === null) return 'opened';
    return refusals[0] ? 'erasing' : 'too_many';
  },

  async readState(tokenHash) {
    const command = new GetCommand({ TableName: table.name, Key: stateKey(tokenHash), ConsistentRead: true });
    const { Item } = await attempt(() => table.client.send(command));
    return Item ? parseState(tokenHash, Item) : null;
  },

  async consumeState(mark) {
    const result = await attemptConditional(() => table.client.send(markUsed(table.name, mark)));
    if (!isRefusal(result)) return parseState(mark.tokenHash, result.Attributes);
    // Marked by this very attempt, whose answer was lost.
    return result.item?.usedBy === mark.operationId ? parseState(mark.tokenHash, result.item) : null;
  },

  async storePendingCode(code) {
    const result = await attemptConditional(() => table.client.send(park(table.name, code)));
    // Parked by this very attempt, whose answer was lost.
    return !isRefusal(result) || result.item?.receiptHash === code.receiptHash;
  },

  async noteDenial(tokenHash, now) {
    return !isRefusal(await attemptConditional(() => table.client.send(deny(table.name, tokenHash, now))));
  },

  async claimPoll(wanted) {
    return !isRefusal(await attemptConditional(() => table.client.send(claim(table.name, wanted))));
  },

  async noteResult(tokenHash, credentialId) {
    await attemptConditional(() => table.client.send(noteCredential(table.name, tokenHash, credentialId)));
  },

  async releaseState(row) {
    try {
      await attemptConditional(() => table.client.send(release(table.name, row)));
    } catch (error) {
      // Not repeated, since it may have been done: a place given back twice would lift the limit.
      if (!(error instanceof PortFault)) throw error;
    }
  },
});
