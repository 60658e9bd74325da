// The user plane's function for connecting and disconnecting accounts.
import { connectApiDeps } from '../lib/container.ts';
import { httpFunction } from '../lib/http/http-function.ts';
import { remove } from './bindings/credentials.ts';

const deps = connectApiDeps();

export const handler = httpFunction('connect-api', { deleteMyCredential: remove(deps) }, deps);
