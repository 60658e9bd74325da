// Connections from their start to the stored grant, seed by seed: callbacks that come twice, late or crossed, completions at the
// same time or by another user, device flows, merges, items deleted by their ttl, and functions frozen between two awaits.

import { describeSeeds } from './seed-suite.ts';

describeSeeds('connect', {
  seeds: 800,
  faults: [
    'function frozen',
    'ttl deletion',
    'lost',
    'crashed after',
    'provider lost the answer',
    'crashed after the provider',
  ],
  outcomes: [
    'connect: ok',
    'connect: too_many_open_states',
    'callback: ok',
    'callback: state_invalid',
    'complete: ok',
    'complete: unknown',
    'complete: state_invalid',
    'complete: connection_denied',
    'complete: provider_rejected',
    'complete: account_mismatch',
    'complete: not_upgradable',
    'startDevice: ok',
    'startDevice: too_many_open_states',
    'poll: ok',
    'poll: unknown',
    'poll: state_invalid',
  ],
  regressionSeeds: [16_823, 12_010],
});
