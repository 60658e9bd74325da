// The ports to metrics and logs. Neither may be given a secret, or anything that identifies a user.

/** The metrics of the service. Dimensions are listed after the semicolon. */
export type MetricName =
  /** Calls of resolve; `outcome`: fresh, refreshed, stale, or the error code. */
  | 'Resolves'
  /** Refreshes that ended; `provider`, and `outcome`: refreshed, unsaved, conflict, or the kind of the failure. */
  | 'Refreshes'
  /** Refreshes that failed because of the operator's configuration (no client, one that the provider refuses, or none that the grant may be sent with), stops of the marking of dead grants, and reports of refused system keys. */
  | 'OperatorFaults'
  /** Reports that an API refused a system key; `provider`. */
  | 'RefusedSystemKeys'
  /** Time a call waited for a refresh by another call (ms). */
  | 'LeaseWait'
  /** Duration of a refresh without the provider's own time (ms). */
  | 'RefreshOverhead'
  /** Entries of pages of exports that were answered: credentials and managed keys, secrets included. */
  | 'Exports'
  /** How late a sweep found the credential that was due first (s); 0 when none was. Missing when no sweep ran to its end. */
  | 'SweepLag';

/** Records metrics. */
export interface Meter {
  /** Records one value. `dimensions` must have few possible values, such as a provider or an outcome, and none from a user. */
  record(name: MetricName, value: number, dimensions?: Readonly<Record<string, string>>): void;
}

/** Fields must be safe for every reader of the logs: no event, item, error object or user data. */
export interface Log {
  info(message: string, fields: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
  error(message: string, fields: Readonly<Record<string, unknown>>): void;
}
