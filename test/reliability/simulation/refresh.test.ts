// Runs seeds of the refresh subject: many callers, tokens and leases that expire, three kinds of provider, and concurrent
// calls that replace, delete, recreate or erase the credential.

import { faultKinds } from './environment/faults.ts';
import { describeSeeds } from './seed-suite.ts';

describeSeeds('refresh', {
  seeds: 1_000,
  faults: faultKinds,
  outcomes: [
    'add: ok',
    'add: credential_exists',
    'replace: ok',
    'replace: credential_not_found',
    'rename: ok',
    'delete: ok',
    'erase: ok',
    'resolve: ok',
    'resolve: unknown',
    'resolve: not_connected',
    'resolve: reconnect_required',
    'sweep: ok',
    'sweep: unknown',
  ],
  regressionSeeds: [64_224, 94_659, 134_493, 144_804, 188_620, 27_594, 21_913, 31_744],
});
