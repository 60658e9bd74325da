// Grants of an MCP server that expire again and again, each asked for in every process of a deployment at once. The server rotates its
// refresh tokens and revokes a grant when one is used twice: each expiry must be one exchange, and no grant may be lost. EXPIRIES and
// PROCESSES play more; `npm run proof` plays 2,000 at 8, `npm run proof:expiries` 10,000.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { credentialKey } from '../../../lib/adapters/dynamodb/item-keys.ts';
import { runtimeApiDeps } from '../../../lib/container/runtime-api.ts';
import { runtimeStartApiDeps } from '../../../lib/container/runtime-start-api.ts';
import { completeConnection } from '../../../lib/operations/connect/complete-connection.ts';
import { receiveCallback } from '../../../lib/operations/connect/receive-callback.ts';
import { startServerConnection } from '../../../lib/operations/connect/start-server-connection.ts';
import { childEnvironment, startStandIns } from '../../reliability/crash/crash-environment.ts';
import { type McpStub, startMcpStub } from '../../support/mcp/mcp-stub.ts';
import { findProgram } from '../../support/process/find-program.ts';
import { printFigure } from '../../support/run/figure.ts';
import type { ResolveAnswer, ResolveOrder } from './resolving-process.ts';

const EXPIRIES = Number(process.env.EXPIRIES ?? 40);
const PROCESSES = Number(process.env.PROCESSES ?? 3);
const GRANTS = Math.max(8, Math.min(64, EXPIRIES / 10));
/** Grants that expire at the same time. */
const AT_ONCE = 8;
/** A hang limit. */
const LIMIT_MILLISECONDS = 1_800_000;

type Grant = Omit<ResolveOrder, 'call'>;

interface Resolver {
  resolve(grant: Grant): Promise<ResolveAnswer>;
  stop(): void;
}

let stub: McpStub;
let table: DynamoDBDocumentClient;
let processes: Resolver[];
const counted = { calls: 0, repeated: 0 };

const startProcess = (): Resolver => {
  const child: ChildProcess = spawn(process.execPath, [findProgram('test/e2e/mcp/resolving-process.ts')], {
    env: childEnvironment(),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting = new Map<number, (answer: ResolveAnswer) => void>();
  createInterface({ input: child.stdout as Readable }).on('line', (line) => {
    // Metrics are lines of the same stream.
    if (!line.startsWith('answer ')) return;
    const answer = JSON.parse(line.slice('answer '.length)) as ResolveAnswer;
    waiting.get(answer.call)?.(answer);
    waiting.delete(answer.call);
  });
  let calls = 0;
  return {
    resolve: (grant) =>
      new Promise((done) => {
        const call = ++calls;
        waiting.set(call, done);
        child.stdin?.write(`${JSON.stringify({ ...grant, call })}\n`);
      }),
    stop: () => void child.kill(),
  };
};

beforeAll(async () => {
  stub = await startMcpStub();
  Object.assign(process.env, await startStandIns({}));
  table = DynamoDBDocumentClient.from(new DynamoDBClient());
  processes = Array.from({ length: PROCESSES }, startProcess);
}, LIMIT_MILLISECONDS);
afterAll(() => {
  for (const each of processes ?? []) each.stop();
  stub?.close();
});

const connectAll = async (): Promise<Grant[]> => {
  const [starting, deps] = [runtimeStartApiDeps(), runtimeApiDeps()];
  const grants: Grant[] = [];
  for (let number = 1; number <= GRANTS; number++) {
    const userId = `storm-${number}`;
    const asked = { userId, mcpServerUrl: stub.serverUrl('one') };
    const { state, authorizationUrl } = await startServerConnection(starting, asked);
    const back = await stub.approve(authorizationUrl);
    const callback = { state, code: back.get('code') ?? '', iss: back.get('iss') ?? '' };
    const received = await receiveCallback(deps, callback);
    if (received.kind !== 'received') throw new Error('no code');
    const { credential } = await completeConnection(deps, { userId, state, receipt: received.receipt });
    grants.push({ userId, credentialId: credential.id });
  }
  return grants;
};

/** The stored access token has expired from now on: the clock need not be waited for, so a slow machine changes nothing. */
const expire = ({ userId, credentialId }: Grant): Promise<unknown> =>
  table.send(
    new UpdateCommand({
      TableName: process.env.TABLE_NAME,
      Key: credentialKey(userId, credentialId),
      UpdateExpression: 'SET expiresAt = :past',
      ExpressionAttributeValues: { ':past': Date.now() - 60_000 },
    }),
  );

/** One expiry: every process is asked at once, and all answer with the same new token. */
const expireOnce = async (grant: Grant): Promise<void> => {
  await expire(grant);
  const answers = await Promise.all(processes.map((each) => each.resolve(grant)));
  counted.calls += answers.length;
  counted.repeated += answers.reduce((repeated, { tries }) => repeated + tries - 1, 0);
  expect(answers.filter(({ token }) => token === null)).toEqual([]);
  expect(new Set(answers.map(({ token }) => token)).size).toBe(1);
};

const refreshTokens = (): string[] =>
  stub
    .sentTo('main', 'token')
    .filter(({ form }) => form.grant_type === 'refresh_token')
    .map(({ form }) => form.refresh_token ?? '');

const countLost = async (grants: readonly Grant[]): Promise<number> => {
  let lost = 0;
  for (const grant of grants) {
    const { token } = (await processes[0]?.resolve(grant)) ?? { token: null };
    if ((await stub.call(stub.serverUrl('one'), token ?? '')).status !== 200) lost++;
  }
  return lost;
};

it(`makes one exchange of each expiry, and loses no grant: ${EXPIRIES} in ${PROCESSES} processes`, {
  timeout: LIMIT_MILLISECONDS,
}, async () => {
  const grants = await connectAll();
  const began = performance.now();
  let expiries = 0;
  // Each share has grants of its own, which expire in turn.
  const work = async (own: readonly Grant[]): Promise<void> => {
    for (let turn = 0; expiries < EXPIRIES; turn++) {
      expiries++;
      await expireOnce(own[turn % own.length] as Grant);
    }
  };
  const shares = Array.from({ length: AT_ONCE }, (_, share) => grants.filter((_, index) => index % AT_ONCE === share));
  await Promise.all(shares.map(work));
  const seconds = Math.round((performance.now() - began) / 1_000);
  const sent = refreshTokens();
  const exchanges = sent.length;
  const sentTwice = exchanges - new Set(sent).size;
  const familiesLost = await countLost(grants);
  const figure = { expiries, processes: PROCESSES, ...counted, exchanges, sentTwice, familiesLost, seconds };
  printFigure('MCP refresh storm', figure);
  expect([expiries, exchanges, sentTwice, familiesLost]).toEqual([EXPIRIES, EXPIRIES, 0, 0]);
  expect(refreshTokens()).toHaveLength(EXPIRIES);
});
