// All that operations may be given; each takes the part it needs.

import type { RefreshBudget } from '../refresh/budget.ts';
import type { ConfigurationStore } from './configuration-store.ts';
import type { GrantStore } from './credential-refresh-store.ts';
import type { ErasureStore } from './erasure-store.ts';
import type { OAuthProtocol } from './oauth-protocol.ts';
import type {
  Clock,
  EventBus,
  KeyPlacements,
  Meter,
  PublishedProviders,
  Random,
  Sealer,
  Sleep,
  SystemDirectory,
  SystemKeys,
} from './ports.ts';
import type { ProviderDirectory } from './provider-directory.ts';
import type { StateStore } from './state-store.ts';
import type { UserStore } from './user-store.ts';

export interface Limits {
  maxCredentialsPerUser: number;
  maxOpenStatesPerUser: number;
  oauthStateTtlSeconds: number;
  refreshMinTtlSeconds: number;
  /** How long before an access token lapses the sweep renews it. */
  refreshLeadSeconds: number;
}

/** Where browsers are sent, and where they may be sent back to. */
export interface Links {
  publicBaseUrl: string;
  allowedReturnOrigins: readonly string[];
  allowedCallbackUrls: readonly string[];
}

export interface Deps {
  users: UserStore;
  grants: GrantStore;
  erasures: ErasureStore;
  states: StateStore;
  configuration: ConfigurationStore;
  sealer: Sealer;
  systemKeys: SystemKeys;
  systemDirectory: SystemDirectory;
  placements: KeyPlacements;
  providers: ProviderDirectory;
  publishedProviders: PublishedProviders;
  oauth: OAuthProtocol;
  eventBus: EventBus;
  links: Links;
  clock: Clock;
  random: Random;
  sleep: Sleep;
  limits: Limits;
  budget: RefreshBudget;
  meter: Meter;
}
