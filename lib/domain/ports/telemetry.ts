// Metrics and logs.

/** What is counted and measured of the service at work. */
export type MetricName =
  /** Calls of resolve; `outcome`: fresh, refreshed, stale, or the code of the refusal. */
  | 'Resolves'
  /** Refreshes that ended; `provider`, and `outcome`: refreshed, unsaved, changed, or the kind of the failure. */
  | 'Refreshes'
  /** Refreshes that failed for a fault of the operator's own: no client, or one the provider does not take. */
  | 'OperatorFaults'
  /** Calls that waited for another's refresh, and how long (ms). */
  | 'LeaseWait'
  /** What a refresh took beside the provider's own time (ms). */
  | 'RefreshOverhead'
  /** How late the sweep found the grant that was due longest (s). */
  | 'SweepLag';

export interface Meter {
  /** `words` are few and from a bounded set: a provider, an outcome; never anything of a user. */
  record(name: MetricName, value: number, words?: Readonly<Record<string, string>>): void;
}

/** Only fields that may be seen by whoever reads logs: never an event, an item, an error object or anything of a user. */
export interface Log {
  info(message: string, fields: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
  error(message: string, fields: Readonly<Record<string, unknown>>): void;
}
