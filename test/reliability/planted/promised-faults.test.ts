// Every fault the suites must be able to detect has a planted fault.
import { expect, it } from 'vitest';
import { plantedReadFaults } from '../histories/planted/planted-read-faults.ts';
import { plantedStateFaults as statesOfHistories } from '../histories/planted/planted-state-faults.ts';
import { plantedWriteFaults as writesOfHistories } from '../histories/planted/planted-write-faults.ts';
import { plantedConnectFaults } from '../simulation/planted/planted-connect-faults.ts';
import { plantedErasureFaults } from '../simulation/planted/planted-erasure-faults.ts';
import { plantedGrantFaults } from '../simulation/planted/planted-grant-faults.ts';
import { plantedIndexFaults } from '../simulation/planted/planted-index-faults.ts';
import { plantedRefreshFaults } from '../simulation/planted/planted-refresh-faults.ts';
import { plantedStateFaults } from '../simulation/planted/planted-state-faults.ts';
import { plantedWriteFaults } from '../simulation/planted/planted-write-faults.ts';
import { plantedServerFaults } from '../simulation/servers/planted-server-faults.ts';
import { patchedFaults } from './patched-faults.ts';

const planted = {
  ...{ ...plantedStateFaults, ...plantedWriteFaults, ...plantedErasureFaults, ...plantedRefreshFaults },
  ...{ ...plantedIndexFaults, ...plantedGrantFaults, ...plantedConnectFaults },
  ...{ ...statesOfHistories, ...writesOfHistories, ...plantedReadFaults },
  ...plantedServerFaults,
  ...patchedFaults,
};

it.each([
  ['consume by get-then-delete', 'consume by get, then delete'],
  ['result written without its secretRev', 'a result written without its secretRev'],
  [
    'result refused although the secret is the one exchanged',
    'a late result refused although its secretRev still matches',
  ],
  ['data key fetched after the provider answered', 'a data key fetched after the provider answered'],
  ['a new idempotency token per retry', 'a new idempotency token for each retry'],
  ['uncertain refresh retried at once', 'an uncertain refresh retried at once'],
  ['completion without the receipt', 'a completion without the receipt'],
  [
    'a late holder writing into a credential deleted and made again',
    'a late holder writing into a credential deleted and created again',
  ],
  ['erase that resets the version', 'an erasure that resets the version'],
  ['lease shorter than the call', 'a lease shorter than the call'],
  ['a process that trusts its own clock', 'a process that trusts its own clock'],
  ['no operation id', 'a consume that does not recognise its own mark on a retry'],
  ['forces without comparing', 'a report that forces a refresh without comparing'],
  ['refreshes with the current client', 'a grant refreshed with the current client'],
  ['refreshes wherever the endpoint is', 'a grant refreshed wherever the token endpoint is'],
  ['no breaker', 'dead grants marked without end'],
  ['revokes though the account has another', 'revokes though the account has another credential'],
  ['old refresh token dropped', 'an old refresh token dropped when no new one comes'],
  ['failed refresh cached', 'a failed refresh cached'],
  ['unescaped key', 'an unescaped key'],
  ['redirect followed with credentials', 'a redirect followed with credentials'],
  ['error object logged', 'an error object logged'],
  ['`==` on secrets', 'secrets compared by ==='],
  ['TTL trusted as expiry', 'the TTL deletion trusted as expiry'],
  ['completion without the user check', 'a completion without the user check'],
  ['a view that is not written with its row', 'a view that is not written with its row'],
  ['import overwrites an existing id', 'an import that overwrites an existing id'],
  ['refresh without resource', 'a refresh without its resource'],
  ['registers on refresh', 'a registration on the path of a refresh'],
  ['client of another issuer used', 'the client of another issuer used at a refresh'],
  ['replaced client is forgotten', 'a client that is replaced and forgotten'],
  ['head read after the credentials', 'the user record read after the credentials'],
])('%s is planted', (_, name) => {
  expect(Object.keys(planted)).toContain(name);
});
