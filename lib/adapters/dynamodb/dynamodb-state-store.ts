// OAuth states in DynamoDB, under the hash of their token. A use is a mark that names its attempt; the row goes by TTL,
// late by design, so every condition looks at expiresAt itself.
import { GetCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { StateRow } from '../../domain/oauth-state.ts';
import { PortFault } from '../../domain/ports.ts';
import type { Item } from '../../domain/rows.ts';
import type { MarkState, OpenState, StateStore } from '../../domain/store-ports.ts';
import { headKey, openStatesKey, stateKey } from './item-keys.ts';
import { attempt, attemptConditional, attemptTransaction, isRefusal, type Table } from './table.ts';
import type { Statement } from './write-statements.ts';

const parseState = (tokenHash: string, item: Item | null | undefined): StateRow | null => {
  const parsed = StateRow.safeParse({ usedBy: null, ...item, tokenHash });
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

const countOpened = (table: string, { row, maxOpen }: OpenState): Statement => ({
  Update: {
    TableName: table,
    Key: openStatesKey(row),
    UpdateExpression: 'ADD #open :one SET #ttl = :ttl',
    ConditionExpression: 'attribute_not_exists(#open) OR #open < :max',
    ExpressionAttributeNames: { '#open': 'open', '#ttl': 'ttl' },
    // The window's last flow expires one lifetime after the window ends.
    ExpressionAttributeValues: { ':one': 1, ':max': maxOpen, ':ttl': windowEndSeconds(row) },
  },
});

const windowEndSeconds = ({ window, createdAt, expiresAt }: StateRow) =>
  ttlSeconds((window + 2) * (expiresAt - createdAt));

const putState = (table: string, { tokenHash, usedBy: _, ...row }: StateRow): Statement => ({
  Put: {
    TableName: table,
    Item: { ...stateKey(tokenHash), ...row, ttl: ttlSeconds(row.expiresAt) },
    ConditionExpression: 'attribute_not_exists(pk)',
  },
});

const markUsed = (table: string, mark: MarkState) =>
  new UpdateCommand({
    TableName: table,
    Key: stateKey(mark.tokenHash),
    UpdateExpression: 'SET usedBy = :operation',
    ConditionExpression:
      'attribute_not_exists(usedBy) AND userId = :user AND #provider = :provider AND expiresAt > :now',
    ExpressionAttributeNames: { '#provider': 'provider' },
    ExpressionAttributeValues: {
      ':operation': mark.operationId,
      ':user': mark.userId,
      ':provider': mark.provider,
      ':now': mark.now,
    },
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });

export const dynamodbStateStore = (table: Table): StateStore => ({
  async openState(open) {
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

  async markStateUsed(mark) {
    const result = await attemptConditional(() => table.client.send(markUsed(table.name, mark)));
    if (!isRefusal(result)) return parseState(mark.tokenHash, result.Attributes);
    // Marked by this very attempt, whose answer was lost.
    return result.item?.usedBy === mark.operationId ? parseState(mark.tokenHash, result.item) : null;
  },

  async releaseState(row) {
    try {
      await attemptConditional(() =>
        table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: openStatesKey(row),
            UpdateExpression: 'ADD #open :less',
            // Only a window that is still there: it must not be made again without its ttl.
            ConditionExpression: '#open > :none',
            ExpressionAttributeNames: { '#open': 'open' },
            ExpressionAttributeValues: { ':less': -1, ':none': 0 },
          }),
        ),
      );
    } catch (error) {
      // Not repeated, since it may have been done: a place given back twice would lift the limit.
      if (!(error instanceof PortFault)) throw error;
    }
  },
});
