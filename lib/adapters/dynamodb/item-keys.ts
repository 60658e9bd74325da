// All keys of the table. Every key value is built by the injective encoder (item-key.ts), so no id can reach another item's key.

import type { LinkPlace } from '../../domain/link/connect-link.ts';
import type { CredentialKey } from '../../domain/ports/credential-refresh-store.ts';
import type { FormerClientKey, RegisteredClientKey } from '../../domain/ports/issuer-store.ts';
import { sha256 } from '../../domain/values/digest.ts';
import { CredentialId, ProviderName } from '../../domain/values/names.ts';
import { itemKey, splitItemKey } from './item-key.ts';

/** The primary key of an item. */
export interface Key extends Record<string, string> {
  pk: string;
  sk: string;
}

/** Identifies a counter of open states. */
export interface OpenStates {
  userId: string;
  /** The time window that the states were created in. */
  window: number;
  /** How many erasures the user had gone through. */
  erasures: number;
}

const userPartition = (userId: string) => itemKey('USER', userId);

/** `#HEAD` sorts before all other sort keys of the partition. */
export const userRecordKey = (userId: string): Key => ({ pk: userPartition(userId), sk: itemKey('', 'HEAD') });

/** The key of a counter of open states. With the number of erasures, so that states from before an erasure do not count after it. */
export const openStatesKey = ({ userId, window, erasures }: OpenStates): Key => ({
  pk: userPartition(userId),
  sk: itemKey('', 'STATES', String(window), String(erasures)),
});

/** The key of a credential. */
export const credentialKey = (userId: string, credentialId: string): Key => ({
  pk: userPartition(userId),
  sk: itemKey('CRED', credentialId),
});

/** The key of a credential's refresh lease. */
export const leaseKey = ({ userId, credentialId }: CredentialKey): Key => ({
  pk: userPartition(userId),
  sk: itemKey('LEASE', credentialId),
});

/** The key of a managed key. */
export const managedKey = (userId: string, provider: string): Key => ({
  pk: userPartition(userId),
  sk: itemKey('MANAGED', provider),
});

/** The key of an OAuth state, from the hash of its token. */
export const stateKey = (tokenHash: string): Key => ({ pk: itemKey('STATE', tokenHash), sk: 'STATE' });

/** The key of the item that leads from a user to one of the states that the user started. It sorts after all credentials. */
export const flowKey = (userId: string, tokenHash: string): Key => ({
  pk: userPartition(userId),
  sk: itemKey('FLOW', tokenHash),
});

/** The key of a connect link, from the hash of its token. Apart from the states, so that no function of links may touch a flow. */
export const linkKey = (tokenHash: string): Key => ({ pk: itemKey('LINK', tokenHash), sk: 'LINK' });

/** The key of the item that leads from a user to one of the links made for them. */
export const ownLinkKey = (userId: string, tokenHash: string): Key => ({
  pk: userPartition(userId),
  sk: itemKey('LINK', tokenHash),
});

/** The key of a counter of links. */
export const openLinksKey = ({ userId, windowSeconds, window, erasures }: LinkPlace): Key => ({
  pk: userPartition(userId),
  sk: itemKey('', 'LINKS', String(windowSeconds), String(window), String(erasures)),
});

/** Issuers are URLs of any length that strangers name; a hash of one has the length of any other. */
const issuerPartition = (issuer: string) => itemKey('ISSUER', sha256(issuer, 'base64url'));

/** The key of an issuer's cached metadata. */
export const issuerMetadataKey = (issuer: string): Key => ({ pk: issuerPartition(issuer), sk: 'METADATA' });

/** The key of the client registered at an issuer for a redirect URI. */
export const registeredClientKey = ({ issuer, redirectUri }: RegisteredClientKey): Key => ({
  pk: issuerPartition(issuer),
  sk: itemKey('CLIENT', sha256(redirectUri, 'base64url')),
});

/** The key of a client that another one took the place of. */
export const formerClientKey = ({ issuer, redirectUri, clientId }: FormerClientKey): Key => ({
  pk: issuerPartition(issuer),
  sk: itemKey('CLIENT', sha256(redirectUri, 'base64url'), sha256(clientId, 'base64url')),
});

/** The key of the published configuration. */
export const configurationKey: Key = { pk: 'CONFIG', sk: 'CONFIG' };

const CREDENTIAL_PREFIX = 'CRED#';
const MANAGED_PREFIX = 'MANAGED#';
const FLOW_PREFIX = 'FLOW#';
const LINK_PREFIX = 'LINK#';

/** The range of sort keys from the user record to the last credential; `$` is the character after `#`. */
export const userRange = (userId: string) => ({
  pk: userPartition(userId),
  first: userRecordKey(userId).sk,
  last: 'CRED$',
});

/** Parses the credential id from a sort key; null if it is not the key of a credential. */
export const parseCredentialSortKey = (sk: string): string | null => {
  if (!sk.startsWith(CREDENTIAL_PREFIX)) return null;
  const id = CredentialId.safeParse(sk.slice(CREDENTIAL_PREFIX.length));
  return id.success ? id.data : null;
};

/** The range of the managed keys of a user. */
export const managedRange = (userId: string) => ({ pk: userPartition(userId), prefix: MANAGED_PREFIX });

/** Parses the provider from a sort key; null if it is not the key of a managed key. */
export const parseManagedSortKey = (sk: string): string | null => {
  if (!sk.startsWith(MANAGED_PREFIX)) return null;
  const provider = ProviderName.safeParse(sk.slice(MANAGED_PREFIX.length));
  return provider.success ? provider.data : null;
};

/** Parses the hash of the state's token from a sort key; null if it is not the key of a flow. */
export const parseFlowSortKey = (sk: string): string | null =>
  sk.startsWith(FLOW_PREFIX) ? (splitItemKey(sk)?.[1] ?? null) : null;

/** Parses the hash of the link's token from a sort key; null if it is not the key that leads to a link. */
export const parseLinkSortKey = (sk: string): string | null =>
  sk.startsWith(LINK_PREFIX) ? (splitItemKey(sk)?.[1] ?? null) : null;

/** Parses the user and credential id from a key; null if it is not the key of a credential. */
export const parseCredentialKey = ({ pk, sk }: Key): CredentialKey | null => {
  const [kind, userId, ...more] = splitItemKey(pk) ?? [];
  const credentialId = parseCredentialSortKey(sk);
  if (kind !== 'USER' || userId === undefined || more.length > 0 || credentialId === null) return null;
  return { userId, credentialId };
};

/** Says from the sort key what an item of a user's partition is. */
export const findRowKind = (sk: string): 'credential' | 'managed' | 'other' => {
  if (sk.startsWith(CREDENTIAL_PREFIX)) return 'credential';
  return sk.startsWith(MANAGED_PREFIX) ? 'managed' : 'other';
};
