// The calls of the link plane. Each answers a result and never throws: a failed request is a problem with the code `offline`.
import type {
  Account,
  CheckResult,
  DeviceStatus,
  Link,
  NewConnection,
  NewCredential,
  StartedConnection,
  StartedDevice,
} from './contract.ts';
import { type Result, readProblem } from './problem.ts';

/** The calls that the page makes. */
export interface LinkApi {
  readLink(): Promise<Result<Link>>;
  connect(body: NewConnection): Promise<Result<StartedConnection>>;
  complete(body: { state: string; receipt: string }): Promise<Result<Account>>;
  startDevice(body: NewConnection): Promise<Result<StartedDevice>>;
  pollDevice(state: string): Promise<Result<DeviceStatus>>;
  check(body: NewCredential): Promise<Result<CheckResult>>;
  store(body: NewCredential): Promise<Result<Account>>;
  rename(id: string, title: string): Promise<Result<Account>>;
  disconnect(id: string): Promise<Result<unknown>>;
}

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Longer than a function of the service may take. */
const LIMIT_MILLISECONDS = 35_000;

const readResult = async <T>(response: Response): Promise<Result<T>> => {
  const body = parseJson(await response.text());
  if (!response.ok)
    return { kind: 'problem', problem: readProblem(response.status, response.headers.get('retry-after'), body) };
  return body === undefined ? { kind: 'problem', problem: { code: 'unexpected' } } : { kind: 'ok', value: body as T };
};

/** `base`: where the service is, without a slash at the end. `token`: the link's. */
export const makeLinkApi = (base: string, token: string, send: Fetch): LinkApi => {
  const call = async <T>(method: string, path: string, body?: object): Promise<Result<T>> => {
    try {
      const response = await send(`${base}/v1/link${path}`, {
        method,
        headers: { authorization: `Link ${token}`, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
        // The cookie that ties the link to this browser.
        credentials: 'same-origin',
        cache: 'no-store',
        signal: AbortSignal.timeout(LIMIT_MILLISECONDS),
      });
      return await readResult<T>(response);
    } catch {
      return { kind: 'problem', problem: { code: 'offline' } };
    }
  };
  const account = (id: string): string => `/credentials/${encodeURIComponent(id)}`;
  return {
    readLink: () => call('GET', ''),
    connect: (body) => call('POST', '/connections', body),
    complete: (body) => call('POST', '/connections/complete', body),
    startDevice: (body) => call('POST', '/device-connections', body),
    pollDevice: (state) => call('POST', '/device-connections/poll', { state }),
    check: (body) => call('POST', '/credentials/check', body),
    store: (body) => call('POST', '/credentials', body),
    rename: (id, title) => call('PATCH', account(id), { title }),
    disconnect: (id) => call('DELETE', account(id)),
  };
};
