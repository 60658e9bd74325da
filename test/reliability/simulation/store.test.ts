// Runs seeds of the store subject: credentials, managed keys, OAuth states, erasures.

import { disturbances, sealerFaults, storeFaults } from './environment/faults.ts';
import { describeSeeds } from './seed-suite.ts';

describeSeeds('store', {
  seeds: 7_700,
  faults: [...storeFaults, ...sealerFaults, ...disturbances, 'crashed asleep'],
  outcomes: [
    'add: ok',
    'add: unknown',
    'add: credential_exists',
    'add: credential_limit',
    'add: version_conflict',
    'add: user_erasing',
    'replace: ok',
    'replace: credential_not_found',
    'rename: ok',
    'delete: ok',
    'delete: credential_not_found',
    'edit: ok',
    'edit: version_conflict',
    'edit: credential_limit',
    'putManaged: ok',
    'deleteManaged: ok',
    'getManaged: ok',
    'erase: ok',
    'erase: unknown',
    'erase: version_conflict',
    'list: ok',
    'get: ok',
    'resolve: ok',
    'resolve: not_connected',
    'createState: ok',
    'createState: too_many_open_states',
    'createState: user_erasing',
    'consume: ok',
    'consume: state_invalid',
    'consume: unknown',
    'publish: ok',
  ],
  regressionSeeds: [2_773, 17_457, 25_368, 27_185, 35_141, 5_543, 15_417, 39_420],
});
