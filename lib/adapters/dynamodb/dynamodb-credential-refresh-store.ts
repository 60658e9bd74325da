// The writes of a refresh in DynamoDB: the lease, and the updates of the row. Each writes one item under conditions and
// can be repeated after a lost response; none touches the user record.
import { GetCommand, type UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { BrokenReason } from '../../domain/credential/credential.ts';
import { type Item, parseCredentialItem } from '../../domain/credential/rows.ts';
import type { CredentialRefreshStore } from '../../domain/ports/credential-refresh-store.ts';
import { PortFault } from '../../domain/ports/port-fault.ts';
import { RefreshLease } from '../../domain/refresh/lease.ts';
import { findDue } from './index/due-index.ts';
import { credentialKey, leaseKey } from './item-keys.ts';
import {
  buildFirstLease,
  buildNextLease,
  buildReconnectUpdate,
  buildRefreshUpdate,
  buildRescheduleUpdate,
  buildUseUpdate,
} from './refresh-updates.ts';
import { attempt, attemptConditional, attemptTransaction, isRefusal, type Table } from './table.ts';

/** Fields that cannot be read get the value of an ended lease on another token, so a damaged lease blocks no refresh. */
const LeaseItem = RefreshLease.extend({
  tokenRev: RefreshLease.shape.tokenRev.catch(''),
  nextRev: RefreshLease.shape.nextRev.catch(undefined),
  until: RefreshLease.shape.until.catch(0),
  held: RefreshLease.shape.held.catch(false),
  rotates: RefreshLease.shape.rotates.catch(true),
  uncertain: RefreshLease.shape.uncertain.catch(false),
  failures: RefreshLease.shape.failures.catch(0),
  dispatched: RefreshLease.shape.dispatched.catch(false),
});

/** Parses the item of a lease; null if there is none or it has no id. */
export const parseLease = (item: Item | undefined): RefreshLease | null => {
  const lease = LeaseItem.safeParse(item);
  return lease.success ? lease.data : null;
};

/** Never repeated: the failed attempt may have taken effect, and the next use or sweep makes up for one that did not. */
const sendBestEffort = async ({ client }: Table, command: UpdateCommand): Promise<void> => {
  try {
    await attemptConditional(() => client.send(command));
  } catch (error) {
    if (!(error instanceof PortFault)) throw error;
  }
};

/** Implements `CredentialRefreshStore`. */
export const dynamodbCredentialRefreshStore = (table: Table): CredentialRefreshStore => {
  const { client, name } = table;
  return {
    async readLease(key) {
      const command = new GetCommand({ TableName: name, Key: leaseKey(key), ConsistentRead: true });
      const { Item } = await attempt(() => client.send(command));
      return parseLease(Item);
    },

    async readSecretRev({ userId, credentialId }) {
      const command = new GetCommand({
        TableName: name,
        Key: credentialKey(userId, credentialId),
        ProjectionExpression: 'secretRev, brokenReason',
        ConsistentRead: true,
      });
      const { Item } = await attempt(() => client.send(command));
      const isRefreshable = typeof Item?.secretRev === 'string' && Item.brokenReason === undefined;
      return isRefreshable ? Item.secretRev : null;
    },

    async swapLease(key, swap) {
      if (swap.from === null)
        return (await attemptTransaction(() => client.send(buildFirstLease(name, key, swap)))) === null;
      return !isRefusal(await attemptConditional(() => client.send(buildNextLease(name, key, swap))));
    },

    async storeRefreshed(key, exchangedRev, fields) {
      const command = buildRefreshUpdate(name, key, exchangedRev, fields);
      const result = await attemptConditional(() => client.send(command));
      const item = isRefusal(result) ? result.item : result.Attributes;
      // A refusal that finds the new secretRev: stored by an earlier attempt, whose response was lost.
      if (item?.secretRev !== fields.secretRev) return null;
      return parseCredentialItem(item, { userId: key.userId, id: key.credentialId });
    },

    async markReconnectRequired(key, secretRev, reason) {
      const result = await attemptConditional(() => client.send(buildReconnectUpdate(name, key, secretRev, reason)));
      if (!isRefusal(result)) return reason;
      const stored = BrokenReason.safeParse(result.item?.brokenReason);
      return stored.success && result.item?.secretRev === secretRev ? stored.data : null;
    },

    noteUse: (key, secretRev, use) => sendBestEffort(table, buildUseUpdate(name, key, secretRev, use)),
    rescheduleRenewal: (key, from, due) => sendBestEffort(table, buildRescheduleUpdate(name, key, from, due)),
    findDue: (shard, until, after) => findDue(table, { shard, until, after }),
  };
};
