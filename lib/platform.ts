// Constants that the service, its deployment (cdk) and the local server share. Every module may import this file; it imports none.

/** The table's index for the sweep: dueShard, dueAt. */
export const DUE_INDEX = 'due';

/** The table's local index of a user's credentials, and the attribute that is its sort key: provider, then order of creation. */
export const LOOKUP_INDEX = 'lookup';

/** The table's local index of the credentials found by URL, and the attribute that is its sort key. Only their rows have it. */
export const URL_LOOKUP_INDEX = 'urlLookup';

/** What both local indexes project (DynamoDB allows 20 attributes an index): the view of a credential and what choosing one needs. */
export const SUMMARY_ATTRIBUTES = [
  'schemaVersion',
  'provider',
  'type',
  'title',
  'host',
  'username',
  'accountId',
  'scopes',
  'data',
  'resource',
  'expiresAt',
  'hasRefreshToken',
  'brokenReason',
  'version',
  'createdAt',
  'ordinal',
  'updatedAt',
] as const;

/** The path that OAuth providers redirect to, below PUBLIC_BASE_URL. */
export const CALLBACK_PATH = '/v1/oauth/callback';
/** The path of the document that describes this deployment as an OAuth client; its URL is the client's id. */
export const CLIENT_METADATA_PATH = '/v1/oauth/client-metadata.json';
/** The page of the service itself that connects accounts; always an allowed return URL. */
export const CONNECT_PATH = '/connect';

/** The time limit of every function that answers a caller. API Gateway gives up after 30 s, so the function can still send its own response. */
export const FUNCTION_MILLISECONDS = 29_000;

/** How long a refresh that was refused may ask the MCP server for its issuer: a part of what is left of its lease. */
export const ISSUER_READ_MILLISECONDS = 3_000;

/** The sweep runs so often in a row while work is left; each run takes no longer than FUNCTION_MILLISECONDS. */
export const SWEEP_RUNS = 10;

/** The time limit of the sweep's function, which no caller waits for. */
export const SWEEP_FUNCTION_MILLISECONDS = SWEEP_RUNS * FUNCTION_MILLISECONDS;

/** Time limits of one attempt of an AWS SDK client. A healthy call takes a few milliseconds. */
export const SDK_TIMEOUTS = {
  connectionTimeout: 500,
  requestTimeout: 1_000,
  /** Without it the SDK only logs a slow request and goes on waiting. */
  throwOnRequestTimeout: true,
} as const;

/** The Date header of an answer counts in seconds. */
export const DATE_STEP_MILLISECONDS = 1_000;

/** A connection and a request at their limits: an answer of the table that took longer counts as none. */
export const SLOWEST_ANSWER_MILLISECONDS = SDK_TIMEOUTS.connectionTimeout + SDK_TIMEOUTS.requestTimeout;

/** How far the clock of a process may be from the table's, once it has had an answer of the table. */
export const CLOCK_ERROR_MILLISECONDS = DATE_STEP_MILLISECONDS + SLOWEST_ANSWER_MILLISECONDS;

/** The checks of one user, in one process of a function: so many at once, and then so many per second. */
export const CHECKS_PER_USER = { burst: 60, perSecond: 0.2 } as const;

const DAY_SECONDS = 86_400;

/** Most access tokens are valid for an hour; their renewal is due half an hour before they expire, at the latest. */
export const RENEWAL_LEAD_MAX_SECONDS = 1_800;

/**
 * How long before its end a token must be renewed: two sweeps before resolve would have to, so that one may fail. Above
 * RENEWAL_LEAD_MAX_SECONDS the sweep cannot renew a token of an hour in time.
 */
export const getRenewalLeadSeconds = (refreshMinTtlSeconds: number, sweepSeconds: number): number =>
  refreshMinTtlSeconds + 2 * sweepSeconds;

/** Inclusive bounds of the numeric settings (environment variables of the functions, context values of the stack). */
export const SETTING_BOUNDS = {
  PROVIDER_TIMEOUT_MS: { min: 1, max: 15_000 },
  /** Above this, the lease of a refresh would not end within the function's own time limit. */
  EXCHANGE_TIMEOUT_MS: { min: 1, max: 20_000 },
  /** A longer lease would outlive every function that can hold it. */
  REFRESH_LEASE_SECONDS: { min: 1, max: Math.floor(FUNCTION_MILLISECONDS / 1000) - 1 },
  SWEEP_SECONDS: { min: 1, max: DAY_SECONDS },
  SECRETS_MAX_AGE_SECONDS: { min: 0, max: DAY_SECONDS },
  OAUTH_STATE_TTL_SECONDS: { min: 1, max: DAY_SECONDS },
  MAX_OPEN_STATES_PER_USER: { min: 1, max: 100_000 },
  MAX_CREDENTIALS_PER_USER: { min: 1, max: 100_000 },
  REFRESH_MIN_TTL_SECONDS: { min: 0, max: DAY_SECONDS },
  /** 0: no limit. */
  MAX_CALLS_PER_USER_PER_SECOND: { min: 0, max: 100_000 },
  /** 0: no limit. */
  MAX_BAD_CALLBACKS_PER_SECOND: { min: 0, max: 100_000 },
} as const;

/** What the settings of the connect page look like: a name of 1 to 60 visible characters, and a colour. */
export const PAGE_SETTING_PATTERNS = {
  CONNECT_PAGE_NAME: /^(?! )[^\p{C}\p{Zl}\p{Zp}]{1,60}(?<! )$/u,
  CONNECT_PAGE_ACCENT: /^#[0-9a-fA-F]{6}$/,
} as const;
