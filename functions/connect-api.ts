// The user plane's function for connecting and disconnecting accounts: it talks to providers, so it may open secrets.
import { connectApiDeps } from '../lib/container.ts';
import { httpFunction } from '../lib/http/chain/http-function.ts';
import { complete, pollDevice, start, startDevice } from './handlers/connections.ts';
import { remove } from './handlers/credentials.ts';

const deps = connectApiDeps();

export const handler = httpFunction(
  'connect-api',
  {
    deleteMyCredential: remove(deps),
    startMyConnection: start(deps),
    completeMyConnection: complete(deps),
    startMyDeviceConnection: startDevice(deps),
    pollMyDeviceConnection: pollDevice(deps),
  },
  deps,
);
