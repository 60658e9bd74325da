// Makes the change that stores one entry of an import, sealed here under a new secretRev. Its condition is that nothing is stored
// under its key: an import never overwrites.
import { managedSealContext, type StoredCredential, sealContext } from '../../domain/credential/credential.ts';
import type { MovedCredential } from '../../domain/moving/moved-credential.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import type { Change } from '../../domain/ports/user-store.ts';
import { planRenewal } from '../../domain/refresh/schedule.ts';

type SealDeps = Pick<Deps, 'sealer' | 'random' | 'limits'>;

/** For whom an entry is stored. */
export interface SealTarget {
  userId: string;
  /** Epoch milliseconds: the time of the import, for what tells no time of its own. */
  now: number;
  /** The index in the document: keeps the order of entries that tell no time of creation. */
  index: number;
}

/** The variables that the grant is sealed with are those that were checked: the data cannot name another tenant. */
const readPublic = (credential: MovedCredential): Record<string, string> | null => {
  const variables = credential.type === 'oauth2' ? credential.secret.variables : undefined;
  const data = { ...credential.data, ...variables };
  return Object.keys(data).length > 0 ? data : null;
};

const unsealedRow = (
  credential: MovedCredential,
  { userId, now, index }: SealTarget,
): Omit<StoredCredential, 'sealed' | 'wrappedKey' | 'secretRev'> => {
  const isPlaced = credential.createdAt !== null && credential.ordinal !== null;
  return {
    userId,
    id: credential.id,
    provider: credential.provider,
    type: credential.type,
    title: credential.title,
    host: credential.host,
    username: credential.username,
    accountId: credential.accountId,
    scopes: credential.scopes,
    data: readPublic(credential),
    resource: credential.type === 'oauth2' ? (credential.secret.server?.resource ?? null) : null,
    expiresAt: credential.expiresAt,
    refreshTokenExpiresAt: credential.refreshTokenExpiresAt,
    hasRefreshToken: credential.type === 'oauth2' && credential.secret.refreshToken !== undefined,
    secretStoredAt: credential.secretStoredAt ?? now,
    brokenReason: credential.reason,
    version: 1,
    tokenRev: null,
    accessRev: null,
    createdAt: credential.createdAt ?? now,
    ordinal: isPlaced ? (credential.ordinal ?? index) : index,
    updatedAt: credential.updatedAt ?? now,
    usedDay: null,
    dueShard: null,
    dueAt: null,
  };
};

/** Seals a credential with all of its secret document. Throws `keys_unavailable`. */
export const sealMovedCredential = async (
  deps: SealDeps,
  moved: MovedCredential,
  target: SealTarget,
): Promise<Change> => {
  const row = { ...unsealedRow(moved, target), secretRev: deps.random.uuid() };
  const renewal = planRenewal(row, target.now, { ...deps.limits, fraction: deps.random.fraction() });
  const placed = { ...row, ...(renewal && { dueShard: renewal.dueShard, dueAt: renewal.dueAt }) };
  const sealed = await deps.sealer.seal(sealContext(placed), moved.secret);
  return { kind: 'put', credential: { ...placed, ...sealed }, when: 'absent' };
};

/** Seals a managed key. Throws `keys_unavailable`. */
export const sealMovedKey = async (
  deps: SealDeps,
  { provider, secret }: { provider: string; secret: string },
  { userId, now }: SealTarget,
): Promise<Change> => {
  const unsealed = { userId, provider, secretRev: deps.random.uuid(), updatedAt: now };
  const sealed = await deps.sealer.seal(managedSealContext(unsealed), { secret });
  return { kind: 'putManaged', managed: { ...unsealed, ...sealed }, when: 'absent' };
};
