// All that operations may be given; each takes the part it needs.
import type { Clock, KeyPlacements, Random, Sealer, Sleep, SystemDirectory, SystemKeys } from './ports.ts';
import type { ConfigurationStore, ErasureStore, StateStore, UserStore } from './store-ports.ts';

export interface Limits {
  maxCredentialsPerUser: number;
  maxOpenStatesPerUser: number;
  oauthStateTtlSeconds: number;
  refreshMinTtlSeconds: number;
}

export interface Deps {
  users: UserStore;
  erasures: ErasureStore;
  states: StateStore;
  configuration: ConfigurationStore;
  sealer: Sealer;
  systemKeys: SystemKeys;
  systemDirectory: SystemDirectory;
  placements: KeyPlacements;
  clock: Clock;
  random: Random;
  sleep: Sleep;
  limits: Limits;
}
