// Connect links, seed by seed: links sent on to another browser, several tabs that complete at once, flows of other links, links that
// expire or whose user is erased, and functions that crash or freeze between two awaits.

import { describeSeeds } from './seed-suite.ts';

describeSeeds('link', {
  seeds: 500,
  faults: ['function frozen', 'ttl deletion', 'lost', 'crashed after', 'provider lost the answer'],
  outcomes: [
    'makeLink: ok',
    'makeLink: too_many_open_states',
    'add: ok',
    'add: link_invalid',
    'add: unknown',
    'connect: ok',
    'connect: link_invalid',
    'complete: ok',
    'complete: link_invalid',
    'complete: state_invalid',
    'complete: unknown',
    'startDevice: ok',
    'poll: ok',
    'poll: link_invalid',
  ],
});
