// The stores in the DynamoDB table. Each repeats a failed call: every write recognises its own result.

import { dynamodbConfigurationStore } from '../../adapters/dynamodb/dynamodb-configuration-store.ts';
import { dynamodbCredentialRefreshStore } from '../../adapters/dynamodb/dynamodb-credential-refresh-store.ts';
import { dynamodbErasureStore } from '../../adapters/dynamodb/dynamodb-erasure-store.ts';
import { dynamodbStateStore } from '../../adapters/dynamodb/dynamodb-state-store.ts';
import { dynamodbUserStore } from '../../adapters/dynamodb/dynamodb-user-store.ts';
import { dynamodbIssuerStore } from '../../adapters/dynamodb/issuer/dynamodb-issuer-store.ts';
import { dynamodbLinkStore } from '../../adapters/dynamodb/link/dynamodb-link-store.ts';
import { retryingPort } from '../../adapters/resilience/retrying-port.ts';
import { makeSealer } from './sealer.ts';
import { retries, type Started } from './start.ts';

/** The users and their credentials. */
export const makeUsers = ({ table }: Started) => retryingPort(dynamodbUserStore(table), retries);

/** The OAuth states. */
export const makeStates = ({ table }: Started) => retryingPort(dynamodbStateStore(table), retries);

/** The connect links. */
export const makeLinks = ({ table }: Started) => retryingPort(dynamodbLinkStore(table), retries);

/** The metadata and clients of issuers. */
export const makeIssuers = (started: Started) => retryingPort(makeServerCache(started), retries);

/** As `makeIssuers`, without retries: the cache of metadata does without a table that fails. */
export const makeServerCache = (started: Started) => dynamodbIssuerStore(started.table, makeSealer(started));

/** The leases and results of refreshes. */
export const makeRefreshes = ({ table }: Started) => retryingPort(dynamodbCredentialRefreshStore(table), retries);

/** The erasures of users. */
export const makeErasures = ({ table }: Started) => retryingPort(dynamodbErasureStore(table), retries);

/** The published configuration. */
export const makeConfiguration = ({ table }: Started) => retryingPort(dynamodbConfigurationStore(table), retries);
