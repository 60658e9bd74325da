// Calls of the runtime function, as the HTTP API makes them.
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { HttpFunction } from '../../../../lib/http/chain/http-function.ts';
import { asWorker, httpEvent, lambdaContext } from '../../../support/builders.ts';

/** A call: a route below `/v1/users/{userId}`, and what goes with it. */
export interface Call {
  method: string;
  path: string;
  userId: string;
  id?: string;
  body?: object;
  /** The expected status; any other one fails the bench. */
  status: number;
}

/** Makes a call; returns the parsed answer. Throws on an unexpected status. */
// biome-ignore lint/suspicious/noExplicitAny: each figure knows the shape of what it asked.
export type MakeCall = (call: Call) => Promise<any>;

let copies = 0;

/** Loads a bundle as a new instance, with clients of its own, on the endpoints of the present environment. */
export const loadHandler = async (bundle: string): Promise<HttpFunction> => {
  const copy = bundle.replace(/\.(\w+)$/, `-${++copies}.$1`);
  writeFileSync(copy, readFileSync(bundle));
  const { handler } = await import(pathToFileURL(copy).href);
  return handler;
};

/** Calls of that function. */
export const makeCalls =
  (handler: HttpFunction): MakeCall =>
  async ({ method, path, userId, id, body, status }) => {
    const routeKey = `${method} /v1/users/{userId}${path}`;
    const params = { userId, ...(id !== undefined && { id }) };
    const event = httpEvent({ routeKey, params, authorizer: asWorker(), ...(body && { body }) });
    const answer = await handler(event, lambdaContext());
    if (answer.statusCode !== status) throw new Error(`${routeKey}: ${answer.statusCode} ${answer.body}`);
    return answer.body ? JSON.parse(String(answer.body)) : undefined;
  };

/** Resolves a credential by what the body names. */
export const resolving = (userId: string, body: object): Call => ({
  ...{ method: 'POST', path: '/resolve', userId, body, status: 200 },
});

/** Lists all credentials. */
export const listing = (userId: string): Call => ({ method: 'GET', path: '/credentials', userId, status: 200 });

/** Stores a credential. */
export const adding = (userId: string, body: object): Call => ({
  ...{ method: 'POST', path: '/credentials', userId, body, status: 201 },
});

/** Replaces a credential. */
export const replacing = (userId: string, id: string, body: object): Call => ({
  ...{ method: 'PUT', path: '/credentials/{id}', userId, id, body, status: 200 },
});

/** Deletes a credential. */
export const deleting = (userId: string, id: string): Call => ({
  ...{ method: 'DELETE', path: '/credentials/{id}', userId, id, status: 200 },
});
