// Faults around erasing: the version forgotten, or an erasure that goes on when it is over.
import { emptyHead, userOf } from '../../../support/memory/memory-table.ts';
import type { Stores } from '../world/raw-stores.ts';
import { asIfErasing, asIfNotErasing, type PlantedFault, type PlantedFaults, type Plot } from './planted-fault.ts';

const LEAVES_NOTHING = 'an erasure leaves';

const erasing = (breaks: string, change: (plot: Plot) => Partial<Stores['erasures']>): PlantedFault => ({
  breaks,
  wrap: (plot) => ({ erasures: { ...plot.stores.erasures, ...change(plot) } }),
});

export const plantedErasureFaults: PlantedFaults = {
  'an erasure that starts the version over': erasing('the version counts', ({ raw, table, attempt }) => ({
    finishErasure: (userId, erasureId, forgetAtSeconds) =>
      attempt('finishErasure', async () => {
        await raw.erasures.finishErasure(userId, erasureId, forgetAtSeconds);
        const user = userOf(table, userId);
        user.head = { ...(user.head ?? emptyHead), version: 0 };
      }),
  })),

  'an erasure that removes without being under way': erasing(LEAVES_NOTHING, ({ raw, table, attempt }) => ({
    removeRows: (userId, erasureId, removal) =>
      attempt('removeRows', () =>
        asIfErasing(userOf(table, userId), erasureId, () => raw.erasures.removeRows(userId, erasureId, removal)),
      ),
  })),

  'an erasure finished by whoever comes last': erasing(LEAVES_NOTHING, ({ raw, table, attempt }) => ({
    finishErasure: (userId, erasureId, forgetAtSeconds) =>
      attempt('finishErasure', () =>
        asIfErasing(userOf(table, userId), erasureId, () =>
          raw.erasures.finishErasure(userId, erasureId, forgetAtSeconds),
        ),
      ),
  })),

  'writes let in while an erasure is under way': {
    breaks: LEAVES_NOTHING,
    wrap: ({ stores, raw, table, attempt }) => ({
      users: {
        ...stores.users,
        write: (userId, write) =>
          attempt('write', () => asIfNotErasing(userOf(table, userId), () => raw.users.write(userId, write))),
      },
    }),
  },
};
