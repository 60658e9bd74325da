// A typical mix of calls to the runtime function: mostly resolves and lists, sometimes a refresh, or an add and its delete.
// The number of stored rows stays constant.
import type { HttpFunction } from '../../../lib/http/chain/http-function.ts';
import { asWorker, httpEvent, lambdaContext } from '../../support/builders.ts';
import { PROVIDER } from './bench-backend.ts';

const USERS = 50;
const USER = '/v1/users/{userId}';

interface RuntimeCall {
  routeKey: string;
  id?: string;
  body?: object;
  status: number;
}

const RESOLVE = { routeKey: `POST ${USER}/resolve`, status: 200 };

const key = (id: string) => ({ type: 'api_key', provider: 'openai', id, apiKey: `sk-${id}` });
const grant = () => ({
  ...{ type: 'oauth2', provider: PROVIDER, id: 'grant', accessToken: 'access-0', refreshToken: 'refresh-0' },
  ...{ scopes: ['read'], accessTokenExpiresAt: new Date(Date.now() + 1_000).toISOString() },
});

/** The call with this index; the users take turns. */
const getCall = (index: number): RuntimeCall => {
  switch (index % 10) {
    case 0:
      return { routeKey: `GET ${USER}/credentials`, status: 200 };
    case 1:
      return { ...RESOLVE, body: { provider: PROVIDER } };
    case 2:
      return { routeKey: `GET ${USER}/credentials/{id}`, id: 'key', status: 200 };
    case 3:
      return { routeKey: `POST ${USER}/credentials`, body: key('passing'), status: 201 };
    case 4:
      return { routeKey: `DELETE ${USER}/credentials/{id}`, id: 'passing', status: 200 };
    case 5:
      return { ...RESOLVE, body: { provider: 'groq' } };
    default:
      return { ...RESOLVE, body: { provider: 'openai' } };
  }
};

/** Stores the credentials the calls need; returns a function that makes the call with an index and throws on an unexpected status. */
export const runtimeCalls = async (handler: HttpFunction): Promise<(index: number) => Promise<void>> => {
  const call = async (userId: string, { routeKey, id, body, status }: RuntimeCall): Promise<void> => {
    const params = { userId, ...(id !== undefined && { id }) };
    const event = httpEvent({ routeKey, params, authorizer: asWorker(), ...(body && { body }) });
    const answer = await handler(event, lambdaContext());
    if (answer.statusCode !== status) throw new Error(`${routeKey}: ${answer.statusCode} ${answer.body}`);
  };
  for (let user = 0; user < USERS; user++) {
    for (const body of [key('key'), grant()]) {
      await call(`u${user}`, { routeKey: `POST ${USER}/credentials`, body, status: 201 });
    }
  }
  return (index) => call(`u${Math.floor(index / 10) % USERS}`, getCall(index));
};
