// List prices in US dollars, US East (N. Virginia), without free tiers, discounts and taxes. They are those of AWS's price pages as known
// in September 2026; docs/cost.md names the pages. A price is in one place, so that a changed one is one line.

/** When and where the prices hold. */
export const PRICES_AS_OF = 'September 2026, us-east-1';

/** Dollars per million of each. */
export const PER_MILLION = {
  /** DynamoDB on-demand. */
  readUnits: 0.125,
  writeUnits: 0.625,
  /** A symmetric key: 0.03 per 10,000. */
  kmsRequests: 3,
  /** Lambda requests. */
  invocations: 0.2,
  /** API Gateway HTTP API, the first 300 million a month. */
  apiRequests: 1,
  /** EventBridge custom events. */
  events: 1,
} as const;

/** Lambda on arm64, per GB-second. */
export const GIGABYTE_SECOND = 0.0000133334;

/** Per GB and month: DynamoDB's standard class, and its continuous backups (PITR). */
export const STORAGE = { table: 0.25, backup: 0.2 } as const;

/** CloudWatch logs, per GB written. */
export const LOG_GIGABYTE = 0.5;

/** Per month: two secrets and one customer key. */
export const FIXED_PER_MONTH = 2 * 0.4 + 1;
