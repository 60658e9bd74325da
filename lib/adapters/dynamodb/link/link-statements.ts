// Builds the writes of a connect link, each with its own condition.
//
//   browser A                        link                               browser B
//   first request, cookie a       →  browserHash of a
//                                    refused by FREE_OR_OWN          ←  first request, cookie b
//   stores a credential, o1       →  spentBy o1, in the transaction that stores the credential
//   stores another, o2            →  refused by UNSPENT_OR_OWN, and with it the credential
//   repeats o1 (response lost)    →  allowed: the caller sees that its credential is stored
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { withoutNulls } from '../../../domain/credential/rows.ts';
import type { LinkRow, LinkSpending } from '../../../domain/link/connect-link.ts';
import type { ClaimLink, NewLink } from '../../../domain/ports/link-store.ts';
import { linkKey, openLinksKey, ownLinkKey } from '../item-keys.ts';
import { buildCounterUpdate, buildUserCheck, ROW_ABSENT, type Statement, ttlSeconds } from '../statements.ts';

/** No browser holds the link, or the one that asks. */
const FREE_OR_OWN = '(attribute_not_exists(browserHash) OR browserHash = :browser)';
/** The link has stored no credential. */
const UNSPENT = 'attribute_not_exists(spentBy)';
/** The link has stored no credential, but by an earlier attempt of this operation. */
const UNSPENT_OR_OWN = `(${UNSPENT} OR spentBy = :operation)`;
/** The link is this browser's. Also false for a missing row: an update never creates it. */
const OWN = 'browserHash = :browser';
/** The link has not expired: DynamoDB removes it up to days late. Also false for a missing row. */
const UNEXPIRED = 'expiresAt > :now';
const all = (...clauses: string[]): string => clauses.join(' AND ');

const buildLinkPut = (table: string, { tokenHash, ...row }: LinkRow): Statement => ({
  Put: {
    TableName: table,
    Item: { ...linkKey(tokenHash), ...withoutNulls(row), ttl: ttlSeconds(row.expiresAt) },
    ConditionExpression: ROW_ABSENT,
  },
});

/** Leads from the user to the link, so that an erasure finds it. */
const buildOwnLinkPut = (table: string, { tokenHash, userId, expiresAt }: LinkRow): Statement => ({
  Put: { TableName: table, Item: { ...ownLinkKey(userId, tokenHash), ttl: ttlSeconds(expiresAt) } },
});

/** The transaction that stores a link. The first statement is the check of the user. */
export const buildLinkCreation = (table: string, { row, maxOpen }: NewLink): Statement[] => [
  buildUserCheck(table, row),
  buildCounterUpdate(table, { key: openLinksKey(row), expiresAt: row.expiresAt, maxOpen }),
  buildLinkPut(table, row),
  buildOwnLinkPut(table, row),
];

/** Gives the link to a browser; a repeated claim of the same browser is allowed. */
export const buildClaimUpdate = (table: string, { tokenHash, browserHash, now }: ClaimLink): UpdateCommand =>
  new UpdateCommand({
    TableName: table,
    Key: linkKey(tokenHash),
    UpdateExpression: 'SET browserHash = :browser',
    ConditionExpression: all(FREE_OR_OWN, UNSPENT, UNEXPIRED),
    ExpressionAttributeValues: { ':browser': browserHash, ':now': now },
  });

/**
 * Spends the link, in the transaction of the write it leads to. Not refused for its age: the link was valid when the request began,
 * and an exchange at a provider takes its time.
 */
export const buildSpendStatement = (
  table: string,
  { tokenHash, browserHash, operationId }: LinkSpending,
): Statement => ({
  Update: {
    TableName: table,
    Key: linkKey(tokenHash),
    UpdateExpression: 'SET spentBy = :operation',
    ConditionExpression: all(OWN, UNSPENT_OR_OWN),
    ExpressionAttributeValues: { ':browser': browserHash, ':operation': operationId },
  },
});
