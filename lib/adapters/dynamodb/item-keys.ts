// Every key of the table, made in one place by the injective encoder.

import type { CredentialKey } from '../../domain/ports/credential-refresh-store.ts';
import { CredentialId } from '../../domain/values/names.ts';
import { itemKey, splitItemKey } from './item-key.ts';

export interface Key extends Record<string, string> {
  pk: string;
  sk: string;
}

export interface OpenStates {
  userId: string;
  window: number;
  erasures: number;
}

const userPartition = (userId: string) => itemKey('USER', userId);

export const headKey = (userId: string): Key => ({ pk: userPartition(userId), sk: itemKey('', 'HEAD') });

/** With the number of erasures: a flow of before one is not counted after it. */
export const openStatesKey = ({ userId, window, erasures }: OpenStates): Key => ({
  pk: userPartition(userId),
  sk: itemKey('', 'STATES', String(window), String(erasures)),
});

export const credentialKey = (userId: string, credentialId: string): Key => ({
  pk: userPartition(userId),
  sk: itemKey('CRED', credentialId),
});

export const leaseKey = ({ userId, credentialId }: CredentialKey): Key => ({
  pk: userPartition(userId),
  sk: itemKey('LEASE', credentialId),
});

export const managedKey = (userId: string, provider: string): Key => ({
  pk: userPartition(userId),
  sk: itemKey('MANAGED', provider),
});

export const stateKey = (tokenHash: string): Key => ({ pk: itemKey('STATE', tokenHash), sk: 'STATE' });

export const configurationKey: Key = { pk: 'CONFIG', sk: 'CONFIG' };

const CREDENTIAL_PREFIX = 'CRED#';
const MANAGED_PREFIX = 'MANAGED#';

/** From the head, which sorts first, to the last credential; `$` is the character after `#`. */
export const userRange = (userId: string) => ({
  pk: userPartition(userId),
  first: headKey(userId).sk,
  last: 'CRED$',
});

/** The credential id in a sort key, or null when the key is of something else. */
export const credentialIdOf = (sk: string): string | null => {
  if (!sk.startsWith(CREDENTIAL_PREFIX)) return null;
  const id = CredentialId.safeParse(sk.slice(CREDENTIAL_PREFIX.length));
  return id.success ? id.data : null;
};

/** Whose and which credential a row is, or null when its key is no credential's. */
export const ownedCredentialOf = ({ pk, sk }: Key): { userId: string; credentialId: string } | null => {
  const [kind, userId, ...more] = splitItemKey(pk) ?? [];
  const credentialId = credentialIdOf(sk);
  if (kind !== 'USER' || userId === undefined || more.length > 0 || credentialId === null) return null;
  return { userId, credentialId };
};

export const rowKindOf = (sk: string): 'credential' | 'managed' | 'other' => {
  if (sk.startsWith(CREDENTIAL_PREFIX)) return 'credential';
  return sk.startsWith(MANAGED_PREFIX) ? 'managed' : 'other';
};
