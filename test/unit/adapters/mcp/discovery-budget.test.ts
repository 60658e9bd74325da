// One time limit for all requests of a discovery. Answers come from memory, so that only the silent hop takes time.
import { describe, expect, it } from 'vitest';
import { guardedServerDiscovery } from '../../../../lib/adapters/mcp/guarded-server-discovery.ts';
import { systemClock } from '../../../../lib/adapters/runtime/system-clock.ts';
import { memoryIssuerStore } from '../../../support/memory/mcp/memory-issuer-store.ts';
import { type MemoryReply, memoryFetch } from '../../../support/providers/memory-fetch.ts';

const URL_OF_SERVER = 'https://mcp.example.com/mcp';
const PLACES: Record<string, MemoryReply> = {
  [URL_OF_SERVER]: { status: 401 },
  'https://mcp.example.com/.well-known/oauth-protected-resource/mcp': {
    body: { resource: URL_OF_SERVER, authorization_servers: ['https://auth.example.com'] },
  },
  'https://auth.example.com/.well-known/oauth-authorization-server': {},
};
const STEPS = ['challenge', 'resource_metadata', 'authorization_server_metadata'];

const discoverWithSilent = (silent: string | undefined) => {
  const { fetch } = memoryFetch({ ...PLACES, ...(silent !== undefined && { [silent]: { isSilent: true } }) });
  const issuers = memoryIssuerStore();
  const parts = { fetch, policy: 'public' as const, issuers, clock: systemClock, budgetMilliseconds: 20 };
  return guardedServerDiscovery(parts).discover({ url: URL_OF_SERVER, challenge: null });
};

describe('the time limit of a discovery', () => {
  it.each(STEPS.map((step, index) => [step, Object.keys(PLACES)[index]] as const))(
    'ends the hop %s, which never answers',
    async (step, place) => {
      await expect(discoverWithSilent(place)).rejects.toMatchObject({ members: { step, reason: 'too_slow' } });
    },
  );
});
