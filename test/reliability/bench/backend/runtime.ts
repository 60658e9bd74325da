// The deployed bundle of the runtime function in this process, on the engine and the stand-ins, with a second instance of it whose
// requests are recorded.
import { startServices } from '../bench-backend.ts';
import { loadHandler, type MakeCall, makeCalls } from './calls.ts';
import { type Recorder, startRecorder } from './recorder.ts';

/** The function, twice. */
export interface Runtime {
  /** Calls the function as deployed. */
  call: MakeCall;
  /** Calls the instance whose requests are recorded. */
  recordedCall: MakeCall;
  table: Recorder;
  kms: Recorder;
}

/** No figure is to be limited by the service's own limits per user. */
const LIMITS = {
  MAX_CALLS_PER_USER_PER_SECOND: '0',
  MAX_CREDENTIALS_PER_USER: '100000',
  MAX_OPEN_STATES_PER_USER: '100000',
};

const enter = (dynamodb: string, kms: string): void => {
  process.env.AWS_ENDPOINT_URL_DYNAMODB = dynamodb;
  process.env.AWS_ENDPOINT_URL_KMS = kms;
};

const load = async (bundle: string): Promise<MakeCall> => {
  const call = makeCalls(await loadHandler(bundle));
  // The clients read their endpoints with their first call.
  const id = 'first';
  const body = { type: 'api_key', provider: 'first', id, apiKey: 'first' };
  await call({ method: 'POST', path: '/credentials', userId: id, body, status: 201 });
  await call({ method: 'GET', path: '/credentials/{id}', userId: id, id, status: 200 });
  await call({ method: 'DELETE', path: '/credentials/{id}', userId: id, id, status: 200 });
  return call;
};

/** Starts the services and loads the bundle. */
export const startRuntime = async (bundle: string): Promise<Runtime> => {
  const services = await startServices();
  Object.assign(process.env, LIMITS);
  const [table, kms] = await Promise.all([startRecorder(services.dynamodb, true), startRecorder(services.kms, false)]);
  enter(table.endpoint, kms.endpoint);
  const recordedCall = await load(bundle);
  enter(services.dynamodb, services.kms);
  const call = await load(bundle);
  table.take();
  kms.take();
  return { call, recordedCall, table, kms };
};
