// What a user is, one operation at a time: the version and every credential as one object, because the version a caller
// names, the limit and an edit span them all, and apart they could not be judged. OAuth states can: see state-model.ts.
// A get is two reads, of the version and then of the row, as it promises; all else happens at one moment.
import type { NewItem } from '../../simulation/workload/request.ts';
import type { Model, Step } from '../linearizability.ts';
import { looksLike, type Row, type Shown, showsAll, showsSecret } from './credential-answer.ts';
import type { UserOperation, UserRequest } from './user-operation.ts';

interface User {
  version: number;
  rows: ReadonlyMap<string, Row>;
}

/** What comes of a request: a refusal, or the user after it and what its answer has to show. */
type Result = { refused: string } | { user: User; shows: (answer: never) => boolean };

const put = ({ key, title, oauth }: NewItem, before?: Row): Row => ({
  version: (before?.version ?? 0) + 1,
  title: title ?? before?.title ?? null,
  key,
  oauth,
});

const written = (user: User, rows: User['rows'], shows: (answer: never) => boolean): Result => ({
  user: { version: user.version + 1, rows },
  shows,
});

const withRow = (user: User, id: string, row: Row): Result =>
  written(user, new Map(user.rows).set(id, row), (answer: Shown) => looksLike(row, answer));

const without = ({ rows }: User, ids: readonly string[]): User['rows'] =>
  new Map([...rows].filter(([id]) => !ids.includes(id)));

const edited = (user: User, { put: puts, remove }: Extract<UserRequest, { kind: 'edit' }>, limit: number): Result => {
  if (!remove.every((id) => user.rows.has(id))) return { refused: 'credential_not_found' };
  const rows = new Map(without(user, remove));
  for (const item of puts) rows.set(item.id ?? '', put(item, user.rows.get(item.id ?? '')));
  if (rows.size > limit && rows.size > user.rows.size) return { refused: 'credential_limit' };
  return written(user, rows, ({ version }: { version: number }) => version === user.version + 1);
};

const added = (user: User, item: NewItem, limit: number): Result => {
  const id = item.id ?? '';
  if (user.rows.has(id)) return { refused: 'credential_exists' };
  return user.rows.size < limit ? withRow(user, id, put(item)) : { refused: 'credential_limit' };
};

const changedOne = (user: User, id: string, change: (row: Row) => Result): Result => {
  const row = user.rows.get(id);
  return row ? change(row) : { refused: 'credential_not_found' };
};

const resolved = (user: User, oauth: boolean): Result => {
  const candidates = [...user.rows].filter(([, row]) => row.oauth === oauth);
  if (candidates.length === 0) return { refused: 'not_connected' };
  // Which one is chosen is another rule, with tests of its own.
  const shows = ({ credential }: { credential: Shown }) =>
    candidates.some(([id, row]) => id === credential.id && looksLike(row, credential) && showsSecret(row, credential));
  return { user, shows };
};

const done = (user: User, request: UserRequest, limit: number): Result => {
  const { version, rows } = user;
  switch (request.kind) {
    case 'add':
      return added(user, request.item, limit);
    case 'replace':
      return changedOne(user, request.id, (row) => withRow(user, request.id, put(request.item, row)));
    case 'rename':
      return changedOne(user, request.id, (row) =>
        withRow(user, request.id, { ...row, title: request.title, version: row.version + 1 }),
      );
    case 'delete':
      return changedOne(user, request.id, () => written(user, without(user, [request.id]), () => true));
    case 'edit':
      return edited(user, request, limit);
    case 'readVersion':
      return { user, shows: (answer: { version: number }) => answer.version === version };
    case 'readRow':
      return changedOne(user, request.id, (row) => ({
        user,
        shows: ({ credential }: { credential: Shown }) => looksLike(row, credential) && showsSecret(row, credential),
      }));
    case 'list':
      return {
        user,
        shows: (answer: { version: number; credentials: Shown[] }) =>
          answer.version === version && showsAll(rows, answer.credentials),
      };
    case 'resolve':
      return resolved(user, request.provider === 'google');
  }
};

const isConflict = ({ version }: User, request: UserRequest): boolean =>
  'expectedVersion' in request && request.expectedVersion !== undefined && request.expectedVersion !== version;

const accepts = ({ version }: User, result: Result, { outcome }: UserOperation): boolean => {
  if (outcome.kind === 'unknown') return true;
  if (outcome.kind === 'ok') return 'shows' in result && result.shows(outcome.value as never);
  if (outcome.kind !== 'refused' || !('refused' in result) || outcome.code !== result.refused) return false;
  return outcome.code !== 'version_conflict' || outcome.members.currentVersion === version;
};

const step = (user: User, operation: UserOperation, limit: number): Step<User> => {
  const { request } = operation;
  const result = isConflict(user, request) ? { refused: 'version_conflict' } : done(user, request, limit);
  return { state: 'user' in result ? result.user : user, accepts: accepts(user, result, operation) };
};

export const userModel = (maxCredentials: number): Model<User, UserOperation> => ({
  initial: { version: 0, rows: new Map() },
  step: (user, operation) => step(user, operation, maxCredentials),
  key: ({ version, rows }) => JSON.stringify([version, [...rows].sort(([a], [b]) => (a < b ? -1 : 1))]),
});
