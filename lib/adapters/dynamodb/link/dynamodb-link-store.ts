// Connect links in DynamoDB, stored under the hash of their token, in partitions apart from the states of flows.
import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { LinkRow } from '../../../domain/link/connect-link.ts';
import type { LinkStore } from '../../../domain/ports/link-store.ts';
import { linkKey } from '../item-keys.ts';
import { attempt, attemptConditional, attemptTransaction, isRefusal, type Table } from '../table.ts';
import { buildClaimUpdate, buildLinkCreation } from './link-statements.ts';

/** Parses the item of a link; null if it is none. */
export const parseLink = (tokenHash: string, item: object): LinkRow | null => {
  const parsed = LinkRow.safeParse({ browserHash: null, spentBy: null, ...item, tokenHash });
  return parsed.success ? parsed.data : null;
};

/** Implements `LinkStore`. */
export const dynamodbLinkStore = (table: Table): LinkStore => ({
  async createLink(link) {
    const TransactItems = buildLinkCreation(table.name, link);
    const command = new TransactWriteCommand({ ClientRequestToken: link.token, TransactItems });
    const refusals = await attemptTransaction(() => table.client.send(command));
    if (refusals === null) return 'created';
    return refusals[0] ? 'erasing' : 'too_many';
  },

  async readLink(tokenHash) {
    const command = new GetCommand({ TableName: table.name, Key: linkKey(tokenHash), ConsistentRead: true });
    const { Item } = await attempt(() => table.client.send(command));
    return Item ? parseLink(tokenHash, Item) : null;
  },

  async claimLink(claim) {
    return !isRefusal(await attemptConditional(() => table.client.send(buildClaimUpdate(table.name, claim))));
  },
});
