// The doors of the domain but those to the table (the stores): what operations need from the outside, in the domain's
// own words.

import type { CredentialEvent } from '../credential/credential-event.ts';
import type { SealBinding } from '../credential/seal-context.ts';
import type { KeyPlacement } from '../credential/sendable-fields.ts';
import type { Secret } from '../values/secret.ts';

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

export interface Random {
  bytes(count: number): Uint8Array;
  uuid(): string;
  /** Uniform in [0, 1), for jitter. */
  fraction(): number;
}

export type Sleep = (milliseconds: number) => Promise<void>;

export interface Deadline {
  /** Does the work, all of which is to end when the signal is aborted. */
  during<T>(end: AbortSignal, work: () => Promise<T>): Promise<T>;
}

export interface Sealed {
  sealed: string;
  wrappedKey: Uint8Array;
}

/** A seal that was opened to put another document in its place. */
export interface OpenedSeal {
  document: unknown;
  /** Seals under the same data key, which is at hand: no call is made, so nothing is left that could fail. */
  reseal(binding: SealBinding, document: unknown): Promise<string>;
}

export interface Sealer {
  /** Throws `keys_unavailable`. */
  seal(binding: SealBinding, document: unknown): Promise<Sealed>;
  /** Throws `credential_unreadable` when the seal does not fit the binding, `keys_unavailable` when keys can't be had. */
  open(binding: SealBinding, sealed: Sealed): Promise<unknown>;
  /** As `open`. */
  openToReseal(binding: SealBinding, sealed: Sealed): Promise<OpenedSeal>;
}

export interface SystemKeys {
  /** The settings that hold a value, by name. Throws `secrets_unavailable`. */
  systemKeys(): Promise<ReadonlyMap<string, Secret<string>>>;
}

export interface SystemDirectory {
  /** Ids of the system credentials that can be used now. */
  configuredIds(): Promise<ReadonlySet<string>>;
}

export interface ListedProvider {
  provider: string;
  displayName: string;
  configured: boolean;
  defaultScopes: readonly string[];
}

export interface PublishedProviders {
  /** The OAuth providers as users may know them: the catalogue's, and those the operator has configured. */
  oauthProviders(): Promise<ListedProvider[]>;
}

export interface KeyPlacements {
  /** Where the provider wants a key; undefined: as a bearer token. */
  keyPlacement(provider: string): Promise<KeyPlacement | undefined>;
}

export interface EventBus {
  /** Puts them on the bus; answers those that may not be on it, by their index, each with the bus's word for why. */
  publish(events: readonly CredentialEvent[]): Promise<ReadonlyMap<number, string>>;
}

/** The service behind a port failed. `retryable`: trying again may help; the outcome of a write is unknown. */
export class PortFault extends Error {
  readonly kind: 'busy' | 'unavailable';
  readonly retryable: boolean;

  constructor(kind: 'busy' | 'unavailable', options: { retryable: boolean; cause?: unknown }) {
    super(kind, { cause: options.cause });
    this.name = 'PortFault';
    this.kind = kind;
    this.retryable = options.retryable;
  }
}

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
