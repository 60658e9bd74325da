// Faults around erasing: the version forgotten, or an erasure that goes on when it is over.
import { emptyHead, userOf } from '../../../support/memory/memory-table.ts';
import type { Stores } from '../environment/raw-stores.ts';
import {
  asIfErasing,
  asIfNotErasing,
  type FaultContext,
  type PlantedFault,
  type PlantedFaults,
} from './planted-fault.ts';

const LEAVES_NOTHING = 'an erasure leaves';

const wrapErasures = (
  breaks: string,
  change: (context: FaultContext) => Partial<Stores['erasures']>,
): PlantedFault => ({
  breaks,
  wrap: (context) => ({ erasures: { ...context.stores.erasures, ...change(context) } }),
});

export const plantedErasureFaults: PlantedFaults = {
  'an erasure that starts the version over': wrapErasures('the version counts', ({ raw, table, callStore }) => ({
    finishErasure: (userId, erasureId, forgetAtSeconds) =>
      callStore('finishErasure', async () => {
        await raw.erasures.finishErasure(userId, erasureId, forgetAtSeconds);
        const user = userOf(table, userId);
        user.head = { ...(user.head ?? emptyHead), version: 0 };
      }),
  })),

  'an erasure that removes without being under way': wrapErasures(LEAVES_NOTHING, ({ raw, table, callStore }) => ({
    removeRows: (userId, erasureId, removal) =>
      callStore('removeRows', () =>
        asIfErasing(userOf(table, userId), erasureId, () => raw.erasures.removeRows(userId, erasureId, removal)),
      ),
  })),

  'an erasure finished by whoever comes last': wrapErasures(LEAVES_NOTHING, ({ raw, table, callStore }) => ({
    finishErasure: (userId, erasureId, forgetAtSeconds) =>
      callStore('finishErasure', () =>
        asIfErasing(userOf(table, userId), erasureId, () =>
          raw.erasures.finishErasure(userId, erasureId, forgetAtSeconds),
        ),
      ),
  })),

  'writes let in while an erasure is under way': {
    breaks: LEAVES_NOTHING,
    wrap: ({ stores, raw, table, callStore }) => ({
      users: {
        ...stores.users,
        write: (userId, write) =>
          callStore('write', () => asIfNotErasing(userOf(table, userId), () => raw.users.write(userId, write))),
      },
    }),
  },
};
