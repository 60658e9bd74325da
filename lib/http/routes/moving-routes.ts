// Everything of a user in and out: import from another system or deployment, and export. Export is a route of its own, so that IAM
// policies can grant or forbid it apart from all others; both have a function of their own.
import { ExportedUser, ExportQuery, ImportReport, ImportRequest } from '../schemas/moving.ts';
import { STORE_FOR_WORKER } from './capabilities.ts';
import { writeErrors } from './error-groups.ts';
import { RUNTIME_PLANE } from './planes.ts';
import { route } from './route.ts';

const { base } = RUNTIME_PLANE;
const moving = { plane: 'runtime', function: 'moving-api' } as const;

/** As text inside the JSON of an event it must fit into the 6 MB of a call of Lambda. */
const MAX_IMPORT_BYTES = 4 * 1024 * 1024;

/** Import and export. */
export const movingRoutes = {
  importUser: route({
    ...moving,
    method: 'POST',
    path: `${base}/import`,
    capabilities: [...STORE_FOR_WORKER, 'read_whole_user', 'seal_managed_key', 'create_state'],
    body: ImportRequest,
    maxBodyBytes: MAX_IMPORT_BYTES,
    ifMatch: 'optional',
    answers: { 200: ImportReport },
    errors: writeErrors(),
  }),
  exportUser: route({
    ...moving,
    method: 'GET',
    path: `${base}/export`,
    capabilities: ['read_user', 'read_whole_user', 'open_secret', 'open_managed_key'],
    query: ExportQuery,
    etag: true,
    answers: { 200: ExportedUser },
  }),
} as const;
