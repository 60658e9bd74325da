// Everything an operation may depend on. Each operation declares the part it uses (`Pick<Deps, …>`).

import type { RedirectPolicy } from '../oauth/redirect-url.ts';
import type { RefreshBudget } from '../refresh/budget.ts';
import type { ClientRegistration } from './client-registration.ts';
import type { ConfigurationStore } from './configuration-store.ts';
import type { CredentialRefreshStore } from './credential-refresh-store.ts';
import type { ErasureStore } from './erasure-store.ts';
import type { EventBus } from './event-bus.ts';
import type { IssuerStore } from './issuer-store.ts';
import type { LinkStore } from './link-store.ts';
import type { OAuthProtocol, OAuthStarts } from './oauth-protocol.ts';
import type { ProviderApi } from './provider-api.ts';
import type {
  ApiAddresses,
  CredentialChecks,
  KeyPlacements,
  KnownProviders,
  ProviderDirectory,
  PublishedProviders,
  ScopeRulesDirectory,
} from './provider-directory.ts';
import type { ProviderOutcomes } from './provider-outcomes.ts';
import type { ProviderTemplates } from './provider-templates.ts';
import type { RefreshDispatcher } from './refresh-dispatcher.ts';
import type { Clock, Random, SingleFlight, Sleep } from './runtime.ts';
import type { Sealer } from './sealer.ts';
import type { IssuerReader, ServerDiscovery } from './server-discovery.ts';
import type { StateStore } from './state-store.ts';
import type { SystemDirectory, SystemKeys } from './system-keys.ts';
import type { Log, Meter } from './telemetry.ts';
import type { UserStore } from './user-store.ts';

/** The limits from the settings. */
export interface Limits {
  maxCredentialsPerUser: number;
  maxOpenStatesPerUser: number;
  oauthStateTtlSeconds: number;
  /** An access token with less time left than this is refreshed before it is served. */
  refreshMinTtlSeconds: number;
  /** How long before an access token expires the sweep renews it. */
  refreshLeadSeconds: number;
}

/** All ports and limits. */
export interface Deps {
  users: UserStore;
  refreshes: CredentialRefreshStore;
  erasures: ErasureStore;
  states: StateStore;
  links: LinkStore;
  configuration: ConfigurationStore;
  issuers: IssuerStore;
  /** Only functions that start connections discover; those that refresh ask for the issuer after a refusal. */
  discovery: ServerDiscovery;
  issuerReader: IssuerReader;
  /** Only functions that start connections have it. */
  registrations: ClientRegistration;
  sealer: Sealer;
  systemKeys: SystemKeys;
  systemDirectory: SystemDirectory;
  placements: KeyPlacements;
  apiAddresses: ApiAddresses;
  templates: ProviderTemplates;
  scopeRules: ScopeRulesDirectory;
  checks: CredentialChecks;
  providerApi: ProviderApi;
  providers: ProviderDirectory;
  publishedProviders: PublishedProviders;
  knownProviders: KnownProviders;
  oauth: OAuthProtocol;
  oauthStarts: OAuthStarts;
  /** Refreshes and registrations under way in this process. */
  flights: SingleFlight;
  dispatcher: RefreshDispatcher;
  eventBus: EventBus;
  redirects: RedirectPolicy;
  clock: Clock;
  random: Random;
  sleep: Sleep;
  limits: Limits;
  budget: RefreshBudget;
  meter: Meter;
  log: Log;
  outcomes: ProviderOutcomes;
}
