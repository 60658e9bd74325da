// The sequential model of a user: version and credentials form one object, because expected versions, the limit and an edit
// span them. OAuth states are separate objects (state-model.ts). A get or list is two ordered reads, of the version and then of the
// row or all rows, as documented; every other operation is atomic.
import type { NewItem } from '../../simulation/workload/request.ts';
import type { Model, Step } from '../linearizability.ts';
import { looksLike, type Row, type Shown, showsAll, showsSecret } from './credential-answer.ts';
import type { UserOperation, UserRequest } from './user-operation.ts';

interface User {
  version: number;
  rows: ReadonlyMap<string, Row>;
}

/** The result of a request: a refusal, or the new user and a check of the answer. */
type Result = { refused: string } | { user: User; matches: (answer: never) => boolean };

const put = ({ key, title, oauth }: NewItem, before?: Row): Row => ({
  version: (before?.version ?? 0) + 1,
  title: title ?? before?.title ?? null,
  key,
  oauth,
});

const applyWrite = (user: User, rows: User['rows'], matches: (answer: never) => boolean): Result => ({
  user: { version: user.version + 1, rows },
  matches,
});

const withRow = (user: User, id: string, row: Row): Result =>
  applyWrite(user, new Map(user.rows).set(id, row), (answer: Shown) => looksLike(row, answer));

const without = ({ rows }: User, ids: readonly string[]): User['rows'] =>
  new Map([...rows].filter(([id]) => !ids.includes(id)));

const applyEdit = (
  user: User,
  { put: puts, remove }: Extract<UserRequest, { kind: 'edit' }>,
  limit: number,
): Result => {
  if (!remove.every((id) => user.rows.has(id))) return { refused: 'credential_not_found' };
  const rows = new Map(without(user, remove));
  for (const item of puts) rows.set(item.id ?? '', put(item, user.rows.get(item.id ?? '')));
  if (rows.size > limit && rows.size > user.rows.size) return { refused: 'credential_limit' };
  return applyWrite(user, rows, ({ version }: { version: number }) => version === user.version + 1);
};

const applyAdd = (user: User, item: NewItem, limit: number): Result => {
  const id = item.id ?? '';
  if (user.rows.has(id)) return { refused: 'credential_exists' };
  return user.rows.size < limit ? withRow(user, id, put(item)) : { refused: 'credential_limit' };
};

const changeRow = (user: User, id: string, change: (row: Row) => Result): Result => {
  const row = user.rows.get(id);
  return row ? change(row) : { refused: 'credential_not_found' };
};

const applyResolve = (user: User, oauth: boolean): Result => {
  const candidates = [...user.rows].filter(([, row]) => row.oauth === oauth);
  if (candidates.length === 0) return { refused: 'not_connected' };
  // Which candidate is chosen has tests of its own.
  const matches = ({ credential }: { credential: Shown }) =>
    candidates.some(([id, row]) => id === credential.id && looksLike(row, credential) && showsSecret(row, credential));
  return { user, matches };
};

const applyRequest = (user: User, request: UserRequest, limit: number): Result => {
  const { version, rows } = user;
  switch (request.kind) {
    case 'add':
      return applyAdd(user, request.item, limit);
    case 'replace':
      return changeRow(user, request.id, (row) => withRow(user, request.id, put(request.item, row)));
    case 'rename':
      return changeRow(user, request.id, (row) =>
        withRow(user, request.id, { ...row, title: request.title, version: row.version + 1 }),
      );
    case 'delete':
      return changeRow(user, request.id, () => applyWrite(user, without(user, [request.id]), () => true));
    case 'edit':
      return applyEdit(user, request, limit);
    case 'readVersion':
      return { user, matches: (answer: { version: number }) => answer.version === version };
    case 'readRow':
      return changeRow(user, request.id, (row) => ({
        user,
        matches: ({ credential }: { credential: Shown }) => looksLike(row, credential) && showsSecret(row, credential),
      }));
    case 'readRows':
      return { user, matches: ({ credentials }: { credentials: Shown[] }) => showsAll(rows, credentials) };
    case 'resolve':
      return applyResolve(user, request.provider === 'google');
  }
};

const isConflict = ({ version }: User, request: UserRequest): boolean =>
  'expectedVersion' in request && request.expectedVersion !== undefined && request.expectedVersion !== version;

const accepts = ({ version }: User, result: Result, { outcome }: UserOperation): boolean => {
  if (outcome.kind === 'unknown') return true;
  if (outcome.kind === 'ok') return 'matches' in result && result.matches(outcome.value as never);
  if (outcome.kind !== 'refused' || !('refused' in result) || outcome.code !== result.refused) return false;
  return outcome.code !== 'version_conflict' || outcome.members.currentVersion === version;
};

const step = (user: User, operation: UserOperation, limit: number): Step<User> => {
  const { request } = operation;
  const result = isConflict(user, request) ? { refused: 'version_conflict' } : applyRequest(user, request, limit);
  return { state: 'user' in result ? result.user : user, accepts: accepts(user, result, operation) };
};

/** The model of a user with this credential limit. */
export const userModel = (maxCredentials: number): Model<User, UserOperation> => ({
  initial: { version: 0, rows: new Map() },
  step: (user, operation) => step(user, operation, maxCredentials),
  key: ({ version, rows }) => JSON.stringify([version, [...rows].sort(([a], [b]) => (a < b ? -1 : 1))]),
});
