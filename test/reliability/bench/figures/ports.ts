// Calls of the store's ports beside the bare SDK calls they make: a read, a refresh's write, an add and a consume. The raw calls send
// the same input as the ports do, which is recorded once.
import {
  type DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { dynamodbCredentialRefreshStore } from '../../../../lib/adapters/dynamodb/dynamodb-credential-refresh-store.ts';
import { dynamodbStateStore } from '../../../../lib/adapters/dynamodb/dynamodb-state-store.ts';
import { dynamodbUserStore } from '../../../../lib/adapters/dynamodb/dynamodb-user-store.ts';
import { credentialKey, type Key, stateKey } from '../../../../lib/adapters/dynamodb/item-keys.ts';
import { openTable } from '../../../../lib/adapters/dynamodb/table.ts';
import { refreshedFields } from '../../../../lib/domain/refresh/result.ts';
import { TABLE_NAME } from '../../../../local/lambda/function-environment.ts';
import { adding, stateRow, storedCredential, userWrite } from '../../../support/table/stored.ts';
import { fromWire, openRawClient, rawGet } from '../backend/raw-client.ts';
import { type Recorder, startRecorder } from '../backend/recorder.ts';
import { startServices } from '../bench-backend.ts';
import type { Effort, Figure, Findings } from '../measure/figure.ts';
import { interleave, type Subject } from '../measure/interleave.ts';
import { makeRatio } from '../measure/statistics.ts';

const SEALED = 'x'.repeat(500);
const FIRST = 'c1';

/** The stores on one endpoint, whose client has made its first call. */
const openStores = async (endpoint: string) => {
  process.env.AWS_ENDPOINT_URL_DYNAMODB = endpoint;
  const table = openTable(TABLE_NAME);
  const users = dynamodbUserStore(table);
  await users.readUserRecord('first');
  return { users, refreshes: dynamodbCredentialRefreshStore(table), states: dynamodbStateStore(table) };
};

type Stores = Awaited<ReturnType<typeof openStores>>;

const credential = (userId: string, id: string) =>
  storedCredential({ userId, id, sealed: SEALED, hasRefreshToken: true });

const add = (stores: Stores, userId: string, id: string) =>
  stores.users.write(userId, userWrite([adding(credential(userId, id))], { maxCredentials: 100_000 }));

const REVISIONS = ['rev-a', 'rev-b'] as const;

/** Stores a refresh's result: each call exchanges the revision that the call before has written. */
const refreshTurn = (stores: Stores, userId: string) => {
  let turn = 0;
  return () => {
    const [from, to] = turn++ % 2 ? ([REVISIONS[1], REVISIONS[0]] as const) : REVISIONS;
    const fields = refreshedFields({ ...credential(userId, FIRST), secretRev: to });
    return stores.refreshes.storeRefreshed({ userId, credentialId: FIRST }, from, fields);
  };
};

const wireKey = ({ pk = '', sk = '' }: Key) => ({ pk: { S: pk }, sk: { S: sk } });

/** The parts that the figures share. */
interface Stage {
  stores: Stores;
  recorded: Stores;
  recorder: Recorder;
  raw: DynamoDBClient;
}

/** The inputs of this operation among the requests that the work makes. */
const record = async ({ recorder }: Stage, operation: string, work: () => Promise<unknown>) => {
  recorder.take();
  await work();
  const inputs = recorder.take().filter((request) => request.operation === operation);
  if (inputs.length === 0) throw new Error(`the port makes no ${operation}`);
  return inputs.map(({ input }) => fromWire(input) as Record<string, unknown>);
};

const seedRefresh = async ({ stores }: Stage, userId: string): Promise<void> => {
  const row = { ...credential(userId, FIRST), secretRev: REVISIONS[0] };
  await stores.users.write(userId, userWrite([adding(row)]));
};

const makeRefresh = async (stage: Stage): Promise<Record<'refresh' | 'rawUpdate', Subject>> => {
  for (const userId of ['sample', 'ours', 'raw']) await seedRefresh(stage, userId);
  const turn = refreshTurn(stage.recorded, 'sample');
  const inputs = await record(stage, 'UpdateItem', async () => [await turn(), await turn()]);
  let next = 0;
  const rawUpdate = () => {
    const input = { ...inputs[next++ % inputs.length], Key: wireKey(credentialKey('raw', FIRST)) };
    return stage.raw.send(new UpdateItemCommand(input as unknown as UpdateItemCommandInput));
  };
  return { refresh: { call: refreshTurn(stage.stores, 'ours') }, rawUpdate: { call: rawUpdate } };
};

const makeAdd = async (stage: Stage): Promise<Record<'add' | 'rawPut', Subject>> => {
  const [sample] = await record(stage, 'TransactWriteItems', () => add(stage.recorded, 'adds', 'sample'));
  const { TransactItems } = sample as { TransactItems: { Put?: { Item: Record<string, never> } }[] };
  const puts = TransactItems.flatMap(({ Put }) => Put ?? []);
  const Item = puts[0]?.Item;
  let made = 0;
  const rawPut = () => {
    const key = wireKey(credentialKey('raw-adds', `id-${made++}`));
    return stage.raw.send(new PutItemCommand({ TableName: TABLE_NAME, Item: { ...Item, ...key } }));
  };
  let added = 0;
  return { add: { call: () => add(stage.stores, 'adds', `id-${added++}`) }, rawPut: { call: rawPut } };
};

const makeConsume = async (stage: Stage): Promise<Record<'consume' | 'rawMark', Subject>> => {
  const create = async () => {
    const row = stateRow({ userId: 'states', sealed: SEALED });
    await stage.stores.states.createState({ row, token: row.tokenHash.slice(0, 36), maxOpen: 100_000 });
    return row;
  };
  const consume = (stores: Stores, { tokenHash, userId, provider, createdAt }: ReturnType<typeof stateRow>) =>
    stores.states.consumeState({
      tokenHash,
      operationId: tokenHash,
      userId,
      provider,
      receiptHash: null,
      now: createdAt,
    });
  const sample = await create();
  const [input] = await record(stage, 'UpdateItem', () => consume(stage.recorded, sample));
  let row = sample;
  const prepare = async () => {
    row = await create();
  };
  const rawMark = () => {
    const marked = { ...input, Key: wireKey(stateKey(row.tokenHash)) } as unknown as UpdateItemCommandInput;
    return stage.raw.send(new UpdateItemCommand(marked));
  };
  return { consume: { prepare, call: () => consume(stage.stores, row) }, rawMark: { prepare, call: rawMark } };
};

const openStage = async (): Promise<Stage> => {
  const { dynamodb } = await startServices();
  const recorder = await startRecorder(dynamodb, true);
  const recorded = await openStores(recorder.endpoint);
  return { recorder, recorded, stores: await openStores(dynamodb), raw: openRawClient() };
};

/** Measures the ports. */
export const measurePorts = async (effort: Effort): Promise<Findings> => {
  const stage = await openStage();
  await add(stage.stores, 'reads', FIRST);
  const times = await interleave(
    {
      get: { call: () => stage.stores.users.readCredential('reads', FIRST) },
      rawGet: { call: rawGet(stage.raw, 'reads', FIRST) },
      ...(await makeRefresh(stage)),
      ...(await makeAdd(stage)),
      ...(await makeConsume(stage)),
    },
    { ...effort, calls: effort.calls * 2 },
  );
  const ratio = (name: string, compares: string, max: number | null, [ours, floor]: [number[], number[]]): Figure =>
    makeRatio({ name, compares, ...(max !== null && { goal: { max } }) }, { ours, floor });
  const figures = [
    ratio('getVsRawGet', 'port readCredential / bare GetItem', 1.25, [times.get, times.rawGet]),
    ratio('refreshVsRawUpdate', 'port storeRefreshed / its UpdateItem bare', 1.25, [times.refresh, times.rawUpdate]),
    ratio('addVsRawPut', 'port write of one credential / bare PutItem', 1.7, [times.add, times.rawPut]),
    ratio('consumeVsRawUpdate', 'port consumeState / its UpdateItem bare', null, [times.consume, times.rawMark]),
  ];
  return { figures, units: [] };
};
