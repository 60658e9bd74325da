// The user plane's everyday function: it can seal a user's secret and can never open one.
import { userApiDeps } from '../lib/container.ts';
import { httpFunction } from '../lib/http/chain/http-function.ts';
import { getCredentialView } from '../lib/operations/credential/get-credential.ts';
import { listProviders } from '../lib/operations/operator/list-providers.ts';
import { add, list, myPlace, rename, replace } from './handlers/credentials.ts';

const deps = userApiDeps();

export const handler = httpFunction(
  'user-api',
  {
    health: async () => ({ status: 200, body: { status: 'ok' } }),
    listProviders: async () => ({ status: 200, body: { providers: await listProviders(deps) } }),
    listMyCredentials: list(deps),
    addMyCredential: add(deps, myPlace),
    getMyCredential: async ({ userId, params }) => {
      const { version, view } = await getCredentialView(deps, { userId, id: params.id });
      return { status: 200, body: view, version };
    },
    replaceMyCredential: replace(deps),
    renameMyCredential: rename(deps),
  },
  deps,
);
