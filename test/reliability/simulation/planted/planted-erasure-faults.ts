// Planted faults in erasing: the version is reset, or an erasure continues after it ended.
import { emptyUserRecord, findUser } from '../../../support/memory/memory-table.ts';
import type { Stores } from '../environment/raw-stores.ts';
import { narrowScenarios } from './narrow-scenarios.ts';
import {
  asIfErasing,
  asIfNotErasing,
  type FaultContext,
  type PlantedFault,
  type PlantedFaults,
} from './planted-fault.ts';

const ERASURE_IS_COMPLETE = 'an erasure leaves';

const wrapErasures = (
  violates: string,
  change: (context: FaultContext) => Partial<Stores['erasures']>,
): PlantedFault => ({
  violates,
  wrap: (context) => ({ erasures: { ...context.stores.erasures, ...change(context) } }),
});

export const plantedErasureFaults: PlantedFaults = {
  'an erasure that resets the version': wrapErasures('the user version', ({ raw, table, callStore }) => ({
    finishErasure: (userId, erasureId, forgetAtSeconds) =>
      callStore('finishErasure', async () => {
        await raw.erasures.finishErasure(userId, erasureId, forgetAtSeconds);
        const user = findUser(table, userId);
        user.userRecord = { ...(user.userRecord ?? emptyUserRecord), version: 0 };
      }),
  })),

  'an erasure that removes rows after it ended': wrapErasures(ERASURE_IS_COMPLETE, ({ raw, table, callStore }) => ({
    removeRows: (userId, erasureId, removal) =>
      callStore('removeRows', () =>
        asIfErasing(findUser(table, userId), erasureId, () => raw.erasures.removeRows(userId, erasureId, removal)),
      ),
  })),

  'an erasure finished by another erasure': wrapErasures(ERASURE_IS_COMPLETE, ({ raw, table, callStore }) => ({
    finishErasure: (userId, erasureId, forgetAtSeconds) =>
      callStore('finishErasure', () =>
        asIfErasing(findUser(table, userId), erasureId, () =>
          raw.erasures.finishErasure(userId, erasureId, forgetAtSeconds),
        ),
      ),
  })),

  'writes accepted during an erasure': {
    violates: ERASURE_IS_COMPLETE,
    wrap: ({ stores, raw, table, callStore }) => ({
      users: {
        ...stores.users,
        write: (userId, write) =>
          callStore('write', () => asIfNotErasing(findUser(table, userId), () => raw.users.write(userId, write))),
      },
    }),
  },
};

/** Shown by runs that refresh and erase. */
export const plantedLateLease: PlantedFaults = {
  'a lease written without its credential': {
    violates: ERASURE_IS_COMPLETE,
    narrows: narrowScenarios.departures,
    wrap: ({ stores, table, callStore }) => ({
      refreshes: {
        ...stores.refreshes,
        swapLease: (key, { to }) =>
          callStore('swapLease', async () => {
            findUser(table, key.userId).leases.set(key.credentialId, { ...to });
            return true;
          }),
      },
    }),
  },
};
