// The contract of the configuration store, checked on the in-memory store and on the table engine.
import { expect, it } from 'vitest';
import { dynamodbConfigurationStore } from '../../../lib/adapters/dynamodb/dynamodb-configuration-store.ts';
import type { ConfigurationStore } from '../../../lib/domain/ports/configuration-store.ts';
import { memoryConfigurationStore } from '../../support/memory/memory-other-stores.ts';
import { memoryTable } from '../../support/memory/memory-table.ts';
import { openTestTable } from '../../support/table/test-engine.ts';

const stores: [string, ConfigurationStore][] = [
  ['memory', memoryConfigurationStore(memoryTable())],
  ['dynamodb', dynamodbConfigurationStore(await openTestTable())],
];

it.each(stores)(
  'configuration store %s: returns null at first, then the last written configuration',
  async (_, store) => {
    expect(await store.readConfiguration()).toBeNull();
    const provider = {
      provider: 'github',
      displayName: 'GitHub',
      defaultScopes: ['repo'],
      device: true,
      verifiable: true,
    };
    for (const configuration of [
      { systemCredentialIds: ['a', 'b'], providers: [provider] },
      { systemCredentialIds: [], providers: [] },
    ]) {
      await store.writeConfiguration(configuration);
      expect(await store.readConfiguration()).toEqual(configuration);
    }
  },
);
