// Handlers of import and export.
import type { HandlerResult } from '../../lib/http/routes/route.ts';
import { exportUser } from '../../lib/operations/moving/export-user.ts';
import { importUser } from '../../lib/operations/moving/import-user.ts';
import type { WriteRequest } from './requests.ts';

type Moved = Parameters<typeof importUser>[1];
type MovingDeps = Parameters<typeof importUser>[0] & Parameters<typeof exportUser>[0];

/** Everything of a user in and out. */
export const movingHandlers = (deps: MovingDeps) => ({
  importUser: async ({
    userId,
    body,
    expectedVersion,
  }: WriteRequest & { body: Pick<Moved, 'format' | 'document'> }): Promise<HandlerResult> => {
    const { version, ...report } = await importUser(deps, { userId, ...body, expectedVersion });
    return { status: 200, body: report, version };
  },
  exportUser: async ({ userId, query }: { userId: string; query: { after?: string | undefined } }) => {
    const { version, ...page } = await exportUser(deps, { userId, after: query.after });
    return { status: 200, body: { format: 'keyhold', ...page }, version };
  },
});
