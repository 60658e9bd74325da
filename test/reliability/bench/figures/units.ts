// Requests and capacity units of each operation at several sizes, counted by a recorder between the function and the engine. They are
// the same on any machine.
import { adding, type Call, deleting, listing, type MakeCall, replacing, resolving } from '../backend/calls.ts';
import { openRawClient } from '../backend/raw-client.ts';
import type { Recorder } from '../backend/recorder.ts';
import { startRuntime } from '../backend/runtime.ts';
import {
  expiredAgain,
  expiredGrant,
  GRANT,
  makeUser,
  makeUserWith,
  newKey,
  OWN_KEY,
  OWN_PROVIDER,
  OWN_URL,
} from '../backend/users.ts';
import { PROVIDER } from '../bench-backend.ts';
import { type Effort, type Findings, scaleSize, type Units } from '../measure/figure.ts';
import {
  type DocumentCredential,
  documentStore,
  newDocument,
  newDocumentCredential,
} from '../original/document-store.ts';

const SIZES = [1, 10, 100, 350];

interface Step {
  /** Undefined: made, not counted. */
  operation?: string;
  work: () => Promise<unknown>;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const count = async (work: () => Promise<unknown>, table: Recorder, kms?: Recorder) => {
  table.take();
  kms?.take();
  await work();
  const requests = table.take();
  return {
    requests: requests.length,
    readUnits: sum(requests.map(({ readUnits }) => readUnits)),
    writeUnits: sum(requests.map(({ writeUnits }) => writeUnits)),
    kmsRequests: kms?.take().length ?? 0,
  };
};

const newState = { provider: PROVIDER, scopes: ['read'] };

/** Every operation once; the user has the same credentials at the end. */
const plan = (call: MakeCall, users: { userId: string; withUrl: string; withGrant: string }): Step[] => {
  const { userId, withUrl, withGrant } = users;
  const step = (operation: string, made: Call): Step => ({ operation, work: () => call(made) });
  let token = '';
  const post = (path: string, body: () => object, status: number) => () =>
    call({ method: 'POST', path, userId, body: body(), status });
  const createState = async () => {
    ({ token } = await post('/oauth-states', () => newState, 201)());
  };
  return [
    step('resolve by id, first', resolving(userId, { credentialId: OWN_KEY })),
    step('resolve by id', resolving(userId, { credentialId: OWN_KEY })),
    step('resolve by provider', resolving(userId, { provider: OWN_PROVIDER })),
    { work: () => call(resolving(withUrl, { url: OWN_URL })) },
    step('resolve by URL', resolving(withUrl, { url: OWN_URL })),
    step('get one', { method: 'GET', path: '/credentials/{id}', userId, id: OWN_KEY, status: 200 }),
    step('list', listing(userId)),
    step('add', adding(userId, newKey('passing'))),
    step('replace', replacing(userId, 'passing', newKey('passing'))),
    step('delete', deleting(userId, 'passing')),
    { work: () => call(replacing(withGrant, GRANT, expiredGrant())) },
    step('refresh, first', resolving(withGrant, { credentialId: GRANT })),
    { work: () => call(replacing(withGrant, GRANT, expiredAgain())) },
    step('refresh', resolving(withGrant, { credentialId: GRANT })),
    { operation: 'create state', work: createState },
    { operation: 'consume state', work: post('/oauth-states/consume', () => ({ token, provider: PROVIDER }), 200) },
  ];
};

const originalPlan = (userId: string): Step[] => {
  const store = documentStore(openRawClient());
  const credential = (id: string): DocumentCredential => newDocumentCredential(id);
  return [
    { operation: 'original get', work: () => store.get(userId, OWN_KEY) },
    { operation: 'original list', work: () => store.list(userId) },
    { operation: 'original update', work: () => store.update(userId, credential(OWN_KEY)) },
    { operation: 'original add', work: () => store.add(userId, credential('passing')) },
  ];
};

/** Counts the units. */
export const countUnits = async (bundle: string, effort: Effort): Promise<Findings> => {
  const { call, recordedCall, table, kms } = await startRuntime(bundle);
  const [withUrl, withGrant] = [await makeUserWith(call, 'host'), await makeUserWith(call, 'grant')];
  const units: Units[] = [];
  const made = new Map<number, string>();
  process.env.AWS_ENDPOINT_URL_DYNAMODB = table.endpoint;
  for (const size of SIZES) {
    const actual = scaleSize(size, effort);
    // In a quick run two sizes may be one user.
    const known = made.get(actual);
    const userId = known ?? (await makeUser(call, actual));
    made.set(actual, userId);
    const own = actual >= 3 ? { withUrl: userId, withGrant: userId } : { withUrl, withGrant };
    await documentStore(openRawClient()).seed(userId, newDocument(actual));
    for (const { operation, work } of [...plan(recordedCall, { userId, ...own }), ...originalPlan(userId)]) {
      const counted = await count(work, table, kms);
      if (operation !== undefined) units.push({ operation, size, ...counted });
    }
  }
  return { figures: [], units };
};
