// Grants of an MCP server that expire again and again, each asked for at every process of a deployment at once. The server rotates its
// refresh tokens and revokes a grant when one is used twice: each expiry must be one exchange, and no grant may be lost. EXPIRIES and
// PROCESSES play more; `npm run proof` plays 10,000 at 8.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { credentialKey } from '../../../lib/adapters/dynamodb/item-keys.ts';
import type { Reply } from '../../support/http/http-caller.ts';
import { type Keyhold, startKeyhold } from '../../support/http/local-server.ts';
import { type McpStub, startMcpStub } from '../../support/mcp/mcp-stub.ts';
import { makeConnector, receiptFor, startConnecting } from '../../support/providers/connect-flow.ts';
import { tokenIn, WITHOUT_SWEEP } from '../../support/providers/refresh-flow.ts';
import { printFigure } from '../../support/run/figure.ts';
import { startEngine } from '../../support/table/test-engine.ts';

const EXPIRIES = Number(process.env.EXPIRIES ?? 100);
const PROCESSES = Number(process.env.PROCESSES ?? 3);
const GRANTS = Math.min(50, EXPIRIES / 10);
/** Grants that are asked for at the same time. */
const AT_ONCE = 4;
/** Of one caller: it is told to come back while another one refreshes. */
const MAX_TRIES = 60;
/** A hang limit. */
const LIMIT_MILLISECONDS = 1_800_000;

interface Grant {
  userId: string;
  credentialId: string;
}

let stub: McpStub;
let servers: Keyhold[];
let table: DynamoDBDocumentClient;
const counted = { calls: 0, repeated: 0 };

beforeAll(async () => {
  const endpoint = await startEngine();
  const env = { ...WITHOUT_SWEEP, AWS_ENDPOINT_URL_DYNAMODB: endpoint, MAX_CALLS_PER_USER_PER_SECOND: '0' };
  stub = await startMcpStub();
  const first = await startConnecting({}, env);
  const others = Array.from({ length: PROCESSES - 1 }, () => startKeyhold({ home: first.home, env }));
  servers = [first, ...(await Promise.all(others))];
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  table = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region: 'us-east-1', credentials }));
}, LIMIT_MILLISECONDS);
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  stub.close();
});

const connect = async (number: number): Promise<Grant> => {
  const [first] = servers as [Keyhold];
  const user = makeConnector(first, 'runtime', `storm-${number}`);
  const { state, url } = await user.begin({ provider: undefined, mcpServerUrl: stub.serverUrl('one') });
  const receipt = await receiptFor(first, [...(await stub.approve(url))]);
  const { status, json, text } = await user.complete({ state, receipt });
  expect(status, text).toBe(201);
  return { userId: user.userId, credentialId: json.id };
};

/** The stored access token has expired from now on: the clock need not be waited for, so a slow machine changes nothing. */
const expire = ({ userId, credentialId }: Grant): Promise<unknown> =>
  table.send(
    new UpdateCommand({
      TableName: 'keyhold',
      Key: credentialKey(userId, credentialId),
      UpdateExpression: 'SET expiresAt = :past',
      ExpressionAttributeValues: { ':past': Date.now() - 60_000 },
    }),
  );

/** As a worker calls: again after Retry-After. */
const resolve = async ({ userId, credentialId }: Grant, { worker }: Keyhold): Promise<Reply> => {
  for (let tries = 1; ; tries++) {
    const reply = await worker.call('POST', `/v1/users/${userId}/resolve`, { credentialId });
    counted.calls++;
    if (reply.status !== 503 || tries === MAX_TRIES) return reply;
    counted.repeated++;
    await new Promise((wake) => setTimeout(wake, Number(reply.headers['retry-after'] ?? 1) * 1_000));
  }
};

/** One expiry: every process is asked at once, and all answer with the same new token. */
const expireOnce = async (grant: Grant): Promise<void> => {
  await expire(grant);
  const replies = await Promise.all(servers.map((server) => resolve(grant, server)));
  const refused = replies.find(({ status }) => status !== 200);
  expect(refused?.text).toBeUndefined();
  expect(new Set(replies.map(tokenIn)).size).toBe(1);
};

const refreshTokens = (): string[] =>
  stub
    .sentTo('main', 'token')
    .filter(({ form }) => form.grant_type === 'refresh_token')
    .map(({ form }) => form.refresh_token ?? '');

const countLost = async (grants: readonly Grant[]): Promise<number> => {
  const [first] = servers as [Keyhold];
  const statuses = grants.map(async (grant) => {
    const token = tokenIn(await resolve(grant, first)) ?? '';
    return (await stub.call(stub.serverUrl('one'), token)).status;
  });
  return (await Promise.all(statuses)).filter((status) => status !== 200).length;
};

it(`makes one exchange of each of ${EXPIRIES} expiries at ${PROCESSES} processes, and loses no grant`, {
  timeout: LIMIT_MILLISECONDS,
}, async () => {
  const grants: Grant[] = [];
  for (let number = 0; number < GRANTS; number++) grants.push(await connect(number));
  const began = performance.now();
  let expiries = 0;
  // Each worker has grants of its own, which expire in turn.
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
  const familiesLost = await countLost(grants);
  const exchanges = sent.length;
  const sentTwice = exchanges - new Set(sent).size;
  const figure = { expiries, processes: PROCESSES, ...counted, exchanges, sentTwice, familiesLost, seconds };
  printFigure('MCP refresh storm', figure);
  expect([expiries, exchanges, sentTwice, familiesLost]).toEqual([EXPIRIES, EXPIRIES, 0, 0]);
  expect(refreshTokens()).toHaveLength(EXPIRIES);
});
