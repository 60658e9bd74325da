// The in-memory stores over one table, without faults.
import type { ConfigurationStore } from '../../../../lib/domain/ports/configuration-store.ts';
import type { CredentialRefreshStore } from '../../../../lib/domain/ports/credential-refresh-store.ts';
import type { ErasureStore } from '../../../../lib/domain/ports/erasure-store.ts';
import type { LinkStore } from '../../../../lib/domain/ports/link-store.ts';
import type { StateStore } from '../../../../lib/domain/ports/state-store.ts';
import type { UserStore } from '../../../../lib/domain/ports/user-store.ts';
import { memoryCredentialRefreshStore } from '../../../support/memory/memory-credential-refresh-store.ts';
import { memoryLinkStore } from '../../../support/memory/memory-link-store.ts';
import {
  memoryConfigurationStore,
  memoryErasureStore,
  memoryStateStore,
} from '../../../support/memory/memory-other-stores.ts';
import type { MemoryTable } from '../../../support/memory/memory-table.ts';
import { memoryUserStore } from '../../../support/memory/memory-user-store.ts';

export interface Stores {
  users: UserStore;
  refreshes: CredentialRefreshStore;
  erasures: ErasureStore;
  states: StateStore;
  links: LinkStore;
  configuration: ConfigurationStore;
}

export const rawStores = (table: MemoryTable): Stores => ({
  users: memoryUserStore(table),
  refreshes: memoryCredentialRefreshStore(table),
  erasures: memoryErasureStore(table),
  states: memoryStateStore(table),
  links: memoryLinkStore(table),
  configuration: memoryConfigurationStore(table),
});
