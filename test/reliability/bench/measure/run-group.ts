// Measures one group of figures in this process and sends what it found to its parent.

import type { GroupOrder } from './group-order.ts';
import { measureGroup } from './groups.ts';

process.once('message', async (order: GroupOrder) => {
  const findings = await measureGroup(order);
  process.send?.(findings, () => process.exit(0));
});
