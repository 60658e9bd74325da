// The user's head as an item: the per-user lock. A head that can't be understood fails closed.
import * as z from 'zod';
import type { Item } from '../../domain/credential/rows.ts';
import { PortFault } from '../../domain/ports/port-fault.ts';
import type { UserRecord } from '../../domain/ports/user-store.ts';

const HeadItem = z.object({
  version: z.int().nonnegative(),
  count: z.int().default(0),
  erasing: z.string().nullable().default(null),
  erasures: z.int().nonnegative().default(0),
});

export const parseHead = (item: Item | null | undefined): UserRecord | null => {
  if (!item) return null;
  const parsed = HeadItem.safeParse(item);
  if (parsed.success) return parsed.data;
  throw new PortFault('unavailable', { retryable: false, cause: new Error('the head of a user cannot be read') });
};
