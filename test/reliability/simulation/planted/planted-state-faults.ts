// Planted faults in the handling of OAuth states: a state is used twice, lost, used after it expired, by another user or
// after an erasure.
import { hashToken, type StateRow } from '../../../../lib/domain/oauth/oauth-state.ts';
import type { Deps } from '../../../../lib/domain/ports/deps.ts';
import type { ConsumeState } from '../../../../lib/domain/ports/state-store.ts';
import { emptyUserRecord, findUser } from '../../../support/memory/memory-table.ts';
import { perform } from '../workload/perform.ts';
import type { Request } from '../workload/request.ts';
import { asIfNotErasing, type FaultContext, type PlantedFault, type PlantedFaults } from './planted-fault.ts';

const CONSUMED_ONCE = 'a state is consumed once';

const wrapConsumeState = (
  mark: (context: FaultContext, asked: ConsumeState) => Promise<StateRow | null>,
): PlantedFault => ({
  violates: CONSUMED_ONCE,
  wrap: (context) => ({ states: { ...context.stores.states, consumeState: (asked) => mark(context, asked) } }),
});

type ConsumeRequest = Extract<Request, { kind: 'consume' }>;

const wrapConsume = (
  consume: (deps: Deps, request: ConsumeRequest, row: StateRow) => Promise<unknown>,
): PlantedFault => ({
  violates: CONSUMED_ONCE,
  perform: async (deps, request) => {
    const row = request.kind === 'consume' ? await deps.states.readState(hashToken(request.token)) : null;
    return request.kind === 'consume' && row ? consume(deps, request, row) : perform(deps, request);
  },
});

const isFor = (row: StateRow | null, { userId, provider, now }: ConsumeState): row is StateRow =>
  row !== null && row.userId === userId && row.provider === provider && row.expiresAt > now;

export const plantedStateFaults: PlantedFaults = {
  'consume by get, then delete': wrapConsumeState(async ({ stores, table, callStore }, asked) => {
    const row = await stores.states.readState(asked.tokenHash);
    if (!isFor(row, asked)) return null;
    await callStore('deleteState', async () => table.states.delete(asked.tokenHash));
    return row;
  }),

  'consume by a conditional delete, without a mark': wrapConsumeState(({ table, callStore }, asked) =>
    callStore('deleteState', async () => {
      const row = table.states.get(asked.tokenHash) ?? null;
      if (!isFor(row, asked)) return null;
      table.states.delete(asked.tokenHash);
      return row;
    }),
  ),

  'a consume that does not recognise its own mark on a retry': wrapConsumeState(({ raw, table, callStore }, asked) =>
    callStore('consumeState', async () =>
      table.states.get(asked.tokenHash)?.usedBy ? null : raw.states.consumeState(asked),
    ),
  ),

  'the TTL deletion trusted as expiry': wrapConsume((deps, request) =>
    perform({ ...deps, clock: { ...deps.clock, now: () => 0 } }, request),
  ),

  'consume without the user check': wrapConsume((deps, request, row) =>
    perform(deps, { ...request, userId: row.userId }),
  ),

  'consume without the provider check': wrapConsume((deps, request, row) =>
    perform(deps, { ...request, provider: row.provider }),
  ),

  'consume without checking erasures': wrapConsume((deps, request, { erasures }) =>
    perform(
      { ...deps, users: { ...deps.users, readUserRecord: async () => ({ ...emptyUserRecord, erasures }) } },
      request,
    ),
  ),

  'a state created during an erasure': {
    violates: 'an erasure leaves',
    wrap: ({ stores, raw, table, callStore }) => ({
      states: {
        ...stores.states,
        createState: (open) =>
          callStore('createState', () =>
            asIfNotErasing(findUser(table, open.row.userId), () => raw.states.createState(open)),
          ),
      },
    }),
  },

  'a state created over the limit': {
    violates: 'a user has at most',
    wrap: ({ stores }) => ({
      states: { ...stores.states, createState: (open) => stores.states.createState({ ...open, maxOpen: 1_000_000 }) },
    }),
  },
};
