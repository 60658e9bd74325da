// Requests a second over HTTP: the local server in a process of its own, the clients in this one. The server also does what API
// Gateway does on AWS (it verifies each signature), so the floor, one bare read behind `node:http`, gets the same signed requests.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { freePort } from '../../../../local/http/loopback.ts';
import { type Caller, workerCaller } from '../../../support/http/http-caller.ts';
import { startConnecting } from '../../../support/providers/connect-flow.ts';
import { WITHOUT_SWEEP } from '../../../support/providers/refresh-flow.ts';
import { startEngine } from '../../../support/table/test-engine.ts';
import { newKey, OWN_KEY } from '../backend/users.ts';
import type { Effort, Findings } from '../measure/figure.ts';
import { makeFigure, makeRatio, quantile } from '../measure/statistics.ts';

const CLIENTS = 8;
const USER = 'throughput';
const PATH = `/v1/users/${USER}/resolve`;

interface Load {
  perSecond: number;
  times: number[];
}

/** Calls from all clients for a while; each sends its next call when it has its answer. */
const load = async (caller: Caller, milliseconds: number): Promise<Load> => {
  const times: number[] = [];
  const startedAt = performance.now();
  const client = async () => {
    while (performance.now() - startedAt < milliseconds) {
      const sentAt = performance.now();
      const { status } = await caller.call('POST', PATH, { credentialId: OWN_KEY });
      if (status !== 200) throw new Error(`the server answers ${status} under load`);
      times.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return { perSecond: (times.length / (performance.now() - startedAt)) * 1000, times };
};

const startFloor = async (engine: string): Promise<{ caller: Caller; stop: () => void }> => {
  const port = await freePort();
  const file = new URL('floor-server.ts', import.meta.url);
  const child = fork(file, [String(port), engine, USER, OWN_KEY], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await once(child, 'message');
  const origin = new URL(`http://127.0.0.1:${port}`);
  return { caller: workerCaller(origin, new Agent({ keepAlive: true })), stop: () => child.kill() };
};

const SECOND = 1_000;

/** Measures throughput. */
export const measureThroughput = async ({ quick, rounds }: Effort): Promise<Findings> => {
  const engine = await startEngine();
  const limits = { MAX_CALLS_PER_USER_PER_SECOND: '0' };
  const server = await startConnecting({}, { ...WITHOUT_SWEEP, ...limits, AWS_ENDPOINT_URL_DYNAMODB: engine });
  const { status } = await server.worker.call('POST', `/v1/users/${USER}/credentials`, newKey(OWN_KEY));
  if (status !== 201) throw new Error(`the server answers ${status}`);
  const floor = await startFloor(engine);
  const milliseconds = quick ? SECOND / 5 : 2 * SECOND;
  const [ours, plain]: Load[][] = [[], []];
  for (let round = 0; round <= rounds; round++) {
    const pair = [await load(server.worker, milliseconds), await load(floor.caller, milliseconds)] as const;
    if (round > 0) [ours?.push(pair[0]), plain?.push(pair[1])];
  }
  floor.stop();
  await server.stop();
  const rates = (loads: Load[] = []) => loads.map(({ perSecond }) => perSecond);
  const latency = (share: number) => (ours ?? []).map(({ times }) => quantile(times, share));
  const figures = [
    makeFigure(
      { name: 'requestsPerSecond', compares: `resolve over HTTP, ${CLIENTS} clients`, unit: 'calls/s' },
      rates(ours),
    ),
    makeRatio(
      { name: 'requestsPerSecondVsRaw', compares: 'of a server with one bare GetItem' },
      { ours: rates(ours), floor: rates(plain) },
    ),
    makeFigure({ name: 'latencyP50Ms', compares: `half of the calls of ${CLIENTS} clients`, unit: 'ms' }, latency(0.5)),
    makeFigure(
      { name: 'latencyP99Ms', compares: `99 % of the calls of ${CLIENTS} clients`, unit: 'ms' },
      latency(0.99),
    ),
  ];
  return { figures, units: [] };
};
