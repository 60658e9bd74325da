// The sort keys of the table's local indexes, and the queries of their ranges. The keys follow from what only a replacement can
// change (provider, creation, host), so the write that stores a row sets them, and a refresh never moves it in an index.
import type { StoredCredential } from '../../../domain/credential/credential.ts';
import type { SummaryRange } from '../../../domain/ports/user-store.ts';
import { findPatternDomain, findUrlDomain } from '../../../domain/values/host-pattern.ts';
import { LOOKUP_INDEX, URL_LOOKUP_INDEX } from '../../../platform.ts';
import { itemKey } from '../item-key.ts';
import { userRecordKey } from '../item-keys.ts';
import type { Query } from './query.ts';

/** What the keys are made of. */
type Placed = Pick<StoredCredential, 'id' | 'provider' | 'host' | 'resource' | 'createdAt' | 'ordinal'>;

/** Milliseconds from the epoch back to the year 0: the earliest time that a row can hold. */
const YEAR_ZERO = 62_167_219_200_000;
/** The year 9999, counted from the year 0, in milliseconds. */
const TIME_DIGITS = 15;
/** The largest safe integer. */
const ORDINAL_DIGITS = 16;

/** Texts that sort as createdAt, ordinal and id do: the order of creation. */
const creationParts = ({ createdAt, ordinal, id }: Placed): string[] => [
  `${createdAt + YEAR_ZERO}`.padStart(TIME_DIGITS, '0'),
  `${ordinal}`.padStart(ORDINAL_DIGITS, '0'),
  id,
];

/** The sort key of a credential in the index `lookup`: a provider's credentials are one range. */
export const lookupKey = (credential: Placed): string => itemKey(credential.provider, ...creationParts(credential));

const HOST_SCOPED = 'HOST';
/** Sorts before the digits of a time, so that the MCP servers of a domain stand before its hosts. */
const MCP_FIRST = '-';

/**
 * The sort key in the index `urlLookup`: the credentials of a domain are one range, first those of MCP servers and then the host-scoped
 * ones, as a URL chooses them: the first entry of the range is the first of its class. null for any other credential.
 */
const urlLookupKey = (credential: Placed): string | null => {
  const { host, resource } = credential;
  const domain = resource === null ? host && findPatternDomain(host) : findUrlDomain(resource);
  const place = [...(resource === null ? [] : [MCP_FIRST]), ...creationParts(credential)];
  return domain && itemKey(HOST_SCOPED, domain, ...place);
};

/** The attributes that place a credential in the local indexes; `urlLookup` only where the credential is found by URL. */
export const indexKeys = (credential: Placed): Record<string, string> => {
  const found = urlLookupKey(credential);
  return { [LOOKUP_INDEX]: lookupKey(credential), ...(found && { [URL_LOOKUP_INDEX]: found }) };
};

/** Whether the item of a readable row has the sort keys that its credential gives it, and so is at its place in the indexes. */
export const isInPlace = (item: Readonly<Record<string, unknown>>, credential: Placed): boolean => {
  const keys = indexKeys(credential);
  return [LOOKUP_INDEX, URL_LOOKUP_INDEX].every((index) => item[index] === keys[index]);
};

/** The index that has a range, and how the sort keys of the range begin: with parts and a separator, which no part contains. */
const findRange = (range: SummaryRange): [index: string, prefix?: string] => {
  if (range.kind === 'all') return [LOOKUP_INDEX];
  if (range.kind === 'provider') return [LOOKUP_INDEX, `${itemKey(range.provider)}#`];
  return [URL_LOOKUP_INDEX, `${itemKey(HOST_SCOPED, range.domain)}#`];
};

/** The query of a range of a user's credentials in one of the local indexes. */
export const buildIndexQuery = (userId: string, range: SummaryRange): Query => {
  const { pk } = userRecordKey(userId);
  const [IndexName, prefix] = findRange(range);
  return {
    IndexName,
    KeyConditionExpression: `pk = :pk${prefix ? ` AND begins_with(${IndexName}, :prefix)` : ''}`,
    ExpressionAttributeValues: { ':pk': pk, ...(prefix && { ':prefix': prefix }) },
  };
};
