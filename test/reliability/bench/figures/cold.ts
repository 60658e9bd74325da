// Cold starts: each function, as deployed and bundled naively, imported and called once in fresh processes in turn. CPU counts most:
// at 512 MB a Lambda function has a third of a core.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { asUser, asWorker, httpEvent } from '../../../support/builders.ts';
import { makeCalls } from '../backend/calls.ts';
import { makeUser, OWN_KEY } from '../backend/users.ts';
import { startServices } from '../bench-backend.ts';
import type { Figure, Findings } from '../measure/figure.ts';
import type { GroupOrder } from '../measure/group-order.ts';
import { makeFigure, makeRatio } from '../measure/statistics.ts';

const USER = 'user-of-1';
const params = { userId: USER };
const CHILD = new URL('cold-call.mjs', import.meta.url);
const KILOBYTE = 1024;

const NO_LINK = { authorization: `Link ${'a'.repeat(43)}`, 'content-type': 'application/json' };

/** The first call of each function. One that is not listed is called with an empty event; a call that fails ends the bench. */
const FIRST_CALLS: Readonly<Record<string, object>> = {
  health: httpEvent(),
  'user-api': httpEvent({ routeKey: 'GET /v1/me/credentials', authorizer: asUser(USER) }),
  'start-api': httpEvent({
    routeKey: 'POST /v1/me/connections',
    authorizer: asUser(USER),
    body: { provider: 'bench', scopes: ['read'] },
  }),
  // A state that does not exist: it is looked up, and refused.
  'connect-api': httpEvent({
    routeKey: 'POST /v1/me/connections/complete',
    authorizer: asUser(USER),
    body: { state: 'a'.repeat(43), receipt: 'a'.repeat(43) },
  }),
  // A link that does not exist: it is looked up, and refused.
  'link-api': httpEvent({ routeKey: 'GET /v1/link', headers: NO_LINK }),
  'link-start-api': httpEvent({
    routeKey: 'POST /v1/link/connections',
    headers: NO_LINK,
    body: { provider: 'bench' },
  }),
  'link-connect-api': httpEvent({
    routeKey: 'POST /v1/link/connections/complete',
    headers: NO_LINK,
    body: { state: 'a'.repeat(43), receipt: 'a'.repeat(43) },
  }),
  'oauth-callback': httpEvent({ routeKey: 'GET /v1/oauth/callback', query: { state: 'a'.repeat(43), code: 'code' } }),
  'runtime-api': httpEvent({
    ...{ routeKey: 'POST /v1/users/{userId}/resolve', params, authorizer: asWorker() },
    body: { credentialId: OWN_KEY },
  }),
  'runtime-start-api': httpEvent({
    ...{ routeKey: 'POST /v1/users/{userId}/connections', params, authorizer: asWorker() },
    body: { provider: 'bench', scopes: ['read'] },
  }),
  'moving-api': httpEvent({ routeKey: 'GET /v1/users/{userId}/export', params, authorizer: asWorker() }),
  'publish-events': { Records: [] },
  // It reads the row and finds nothing due.
  'refresh-credential': { userId: USER, credentialId: OWN_KEY, secretRev: 'another' },
};

/** A function that fails on its first call would be measured as fast. */
const isFault = (status: number): boolean => status >= 500;

interface ColdCall {
  cpu: number;
  wall: number;
  status: number;
}

const callCold = async (bundle: string, event: object): Promise<ColdCall> => {
  const child: ChildProcess = fork(CHILD, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
  child.send({ bundle, event });
  const [answer] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`${bundle} ended with ${code}`))),
  ]);
  return answer as ColdCall;
};

const measureFunction = async (name: string, { deployed, naive, effort }: GroupOrder): Promise<Figure[]> => {
  const event = FIRST_CALLS[name] ?? {};
  const [ours, plain]: ColdCall[][] = [[], []];
  const [oursBundle = '', plainBundle = ''] = [deployed[name], naive[name]];
  // The first pair is not counted: it reads the files into the page cache.
  for (let round = 0; round <= effort.rounds; round++) {
    const [one, other] = [await callCold(oursBundle, event), await callCold(plainBundle, event)];
    if (isFault(one.status)) throw new Error(`${name} answers ${one.status} to its first call`);
    if (round > 0) [ours?.push(one), plain?.push(other)];
  }
  const ratio = (figure: string, part: 'cpu' | 'wall', compares: string) =>
    makeRatio(
      { name: `${figure}@${name}`, compares, ...(part === 'cpu' && { goal: { max: 0.6 } }) },
      { ours: (ours ?? []).map((call) => call[part]), floor: (plain ?? []).map((call) => call[part]) },
    );
  const [bytes, naiveBytes] = [statSync(oursBundle).size, statSync(plainBundle).size];
  return [
    makeFigure(
      { name: `bundleBytes@${name}`, compares: `of ${(naiveBytes / KILOBYTE).toFixed(0)} KB naive`, unit: 'KB' },
      [bytes / KILOBYTE],
    ),
    ratio('coldCpu', 'cpu', 'CPU from import to first answer / naive'),
    ratio('coldWall', 'wall', 'time from import to first answer / naive'),
  ];
};

/** Measures all functions. */
export const measureCold = async (order: GroupOrder): Promise<Findings> => {
  await startServices();
  const { handler } = await import(order.deployed['runtime-api'] ?? '');
  await makeUser(makeCalls(handler), 1);
  const figures: Figure[] = [];
  for (const name of Object.keys(order.deployed)) figures.push(...(await measureFunction(name, order)));
  return { figures, units: [] };
};
