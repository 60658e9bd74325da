// The doors of the domain but those to the table (store-ports.ts): what operations need from the outside, in the domain's
// own words.

import type { SealBinding } from './seal-binding.ts';
import type { Secret } from './secret.ts';
import type { KeyPlacement } from './sendable-fields.ts';

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

export interface Sealed {
  sealed: string;
  wrappedKey: Uint8Array;
}

export interface Sealer {
  /** Throws `keys_unavailable`. */
  seal(binding: SealBinding, document: unknown): Promise<Sealed>;
  /** Throws `credential_unreadable` when the seal does not fit the binding, `keys_unavailable` when keys can't be had. */
  open(binding: SealBinding, sealed: Sealed): Promise<unknown>;
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

/** Only fields that may be seen by whoever reads logs: never an event, an item, an error object or anything of a user. */
export interface Log {
  info(message: string, fields: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
  error(message: string, fields: Readonly<Record<string, unknown>>): void;
}
