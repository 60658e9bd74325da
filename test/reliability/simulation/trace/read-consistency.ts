// Checks answers of reads: they contain only states that were stored, and none older than the version they name.
import type { CredentialView } from '../../../../lib/domain/credential/credential-view.ts';
import type { CredentialList } from '../../../../lib/operations/credential/list-credentials.ts';
import type { Trace } from '../simulate.ts';
import { type Call, isKind } from './call.ts';
import { getSnapshotsDuring } from './queries.ts';
import { managedSecret, type Row, toRows } from './write-model.ts';

/** A credential as a client sees it; with its secret where the answer contains it. */
interface Shown {
  view: CredentialView;
  secret?: unknown;
}

const publicPart = ({ apiKey, accessToken }: Row['secret']) => ({ apiKey, accessToken });

const looksLike = (row: Row | undefined, shown: Shown | undefined): boolean => {
  if (row === undefined || shown === undefined) return row === undefined && shown === undefined;
  if (row.title !== shown.view.title || row.version !== shown.view.version) return false;
  return shown.secret === undefined || JSON.stringify(shown.secret) === JSON.stringify(publicPart(row.secret));
};

const getShownCredentials = (call: Call, value: unknown): Map<string, Shown> => {
  if (isKind(call, 'list')) {
    const own = (value as CredentialList).credentials.filter(({ source }) => source === 'user');
    return new Map(own.map((view) => [view.id, { view }]));
  }
  const { credential } = value as { credential: CredentialView & { secret: unknown } };
  return new Map([[credential.id, { view: credential, secret: credential.secret }]]);
};

const getSnapshotsSince = (trace: Trace, call: Call, version: number) =>
  getSnapshotsDuring(trace, call).filter(({ userRecord }) => userRecord.version >= version);

/** Each id was as answered (or absent) at some time during the call, at a version not below the answered one. */
const wasShown = (trace: Trace, call: Call, { version, value }: { version: number; value: unknown }): boolean => {
  const shown = getShownCredentials(call, value);
  const since = getSnapshotsSince(trace, call, version).map(({ rows }) => toRows(rows));
  const ids = isKind(call, 'list') ? [...shown.keys(), ...since.flatMap((rows) => [...rows.keys()])] : shown.keys();
  return [...new Set(ids)].every((id) => since.some((rows) => looksLike(rows.get(id), shown.get(id))));
};

/** A token that the provider issued to this call and that was not stored. */
const isUnsaved = ({ refreshes }: Trace, call: Call, value: unknown): boolean => {
  const { secret } = (value as { credential: { secret: { accessToken?: string } } }).credential;
  return refreshes.exchanges.some(
    ({ callId, tokens }) =>
      callId === call.id && tokens?.accessToken === secret.accessToken && refreshes.callsWithStoreFault.has(callId),
  );
};

export const isConsistentRead = (trace: Trace, call: Call, value: unknown): boolean => {
  if (!isKind(call, 'list', 'get', 'resolve', 'getManaged')) return true;
  const { version } = value as { version: number };
  const versionWas = () => getSnapshotsDuring(trace, call).some(({ userRecord }) => userRecord.version === version);
  if (isKind(call, 'list', 'get')) return versionWas() && wasShown(trace, call, { version, value });
  if (isKind(call, 'resolve')) return wasShown(trace, call, { version: 0, value }) || isUnsaved(trace, call, value);
  if (!isKind(call, 'getManaged')) return true;
  const { secret } = value as { secret: string };
  const items = getSnapshotsSince(trace, call, version).map(({ managed }) => managed.get(call.request.provider));
  return versionWas() && items.some((item) => item !== undefined && managedSecret(item) === secret);
};
