// Parses the user record. One that cannot be parsed fails closed: without it no write of the user can be checked.
import * as z from 'zod';
import type { Item } from '../../domain/credential/rows.ts';
import { PortFault } from '../../domain/ports/port-fault.ts';
import type { UserRecord } from '../../domain/ports/user-store.ts';

const UserRecordItem = z.object({
  version: z.int().nonnegative(),
  count: z.int().default(0),
  erasing: z.string().nullable().default(null),
  erasures: z.int().nonnegative().default(0),
});

/** Parses the item of a user record; null if there is none. Throws a PortFault (`unavailable`) if it cannot be parsed. */
export const parseUserRecord = (item: Item | null | undefined): UserRecord | null => {
  if (!item) return null;
  const parsed = UserRecordItem.safeParse(item);
  if (parsed.success) return parsed.data;
  throw new PortFault('unavailable', { retryable: false, cause: new Error('user record cannot be parsed') });
};
