// What happens to a grant while it is refreshed, in DynamoDB: its lease, and the writes of its row that leave the user's head
// alone. Each is one conditional write of one item that knows its own work when it is repeated.
import { GetCommand, type UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { BrokenReason } from '../../domain/credential/credential.ts';
import { parseCredentialItem } from '../../domain/credential/rows.ts';
import type { CredentialRefreshStore } from '../../domain/ports/credential-refresh-store.ts';
import { PortFault } from '../../domain/ports/port-fault.ts';
import { RefreshLease } from '../../domain/refresh/lease.ts';
import { findDue } from './due-index.ts';
import { leaseKey } from './item-keys.ts';
import { broken, leasePut, moved, refreshed, used } from './refresh-updates.ts';
import { attempt, attemptConditional, isRefusal, type Table } from './table.ts';

/** Whatever can't be read of a lease says nothing, but that it stands there. */
const LeaseItem = RefreshLease.extend({
  tokenRev: RefreshLease.shape.tokenRev.catch(''),
  until: RefreshLease.shape.until.catch(0),
  held: RefreshLease.shape.held.catch(false),
  rotates: RefreshLease.shape.rotates.catch(true),
  uncertain: RefreshLease.shape.uncertain.catch(false),
  failures: RefreshLease.shape.failures.catch(0),
});

/** Not repeated: it may have been done, and the next use or sweep puts right what was not. */
const bestEffort = async ({ client }: Table, command: UpdateCommand): Promise<void> => {
  try {
    await attemptConditional(() => client.send(command));
  } catch (error) {
    if (!(error instanceof PortFault)) throw error;
  }
};

export const dynamodbCredentialRefreshStore = (table: Table): CredentialRefreshStore => {
  const { client, name } = table;
  return {
    async readLease(key) {
      const command = new GetCommand({ TableName: name, Key: leaseKey(key), ConsistentRead: true });
      const { Item } = await attempt(() => client.send(command));
      const lease = LeaseItem.safeParse(Item);
      return lease.success ? lease.data : null;
    },

    async swapLease(key, swap) {
      return !isRefusal(await attemptConditional(() => client.send(leasePut(name, key, swap))));
    },

    async storeRefreshed(key, exchangedRev, fields) {
      const command = refreshed(name, key, exchangedRev, fields);
      const result = await attemptConditional(() => client.send(command));
      const item = isRefusal(result) ? result.item : result.Attributes;
      if (item?.secretRev !== fields.secretRev) return null;
      return parseCredentialItem(item, { userId: key.userId, id: key.credentialId });
    },

    async markReconnectRequired(key, secretRev, reason) {
      const result = await attemptConditional(() => client.send(broken(name, key, secretRev, reason)));
      if (!isRefusal(result)) return reason;
      const standing = BrokenReason.safeParse(result.item?.brokenReason);
      return standing.success && result.item?.secretRev === secretRev ? standing.data : null;
    },

    noteUse: (key, secretRev, use) => bestEffort(table, used(name, key, secretRev, use)),
    rescheduleRenewal: (key, from, due) => bestEffort(table, moved(name, key, from, due)),
    findDue: (shard, until, after) => findDue(table, { shard, until, after }),
  };
};
