// A user with one grant of the provider acme, over HTTP, stored through the runtime plane as in a migration; and
// servers that share one table, like the processes of one deployment.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Reply } from '../http/http-caller.ts';
import { type Keyhold, startKeyhold } from '../http/local-server.ts';
import type { ProviderKind } from '../memory/token-provider.ts';
import { startEngine } from '../table/test-engine.ts';
import { startConnecting } from './connect-flow.ts';
import type { RefreshingProvider } from './refreshing-provider.ts';

export const GRANT = 'g';

interface Given {
  kind?: ProviderKind;
  /** Expiry of the stored access token; by default one second ago. */
  livesMilliseconds?: number;
  provider?: string;
  scopes?: string[];
}

export interface Holder {
  userId: string;
  /** The tokens stored at first. */
  tokens: { accessToken: string; refreshToken: string };
  /** Stores the grant again; fields can be overridden. */
  body(given?: Record<string, unknown>): Record<string, unknown>;
  resolve(body?: Record<string, unknown>, at?: Keyhold): Promise<Reply>;
  /** The credential as the user sees it. */
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it stored, and asserts it.
  view(): Promise<any>;
  replace(body: Record<string, unknown>): Promise<Reply>;
  remove(): Promise<Reply>;
  erase(): Promise<Reply>;
}

/** Disables the sweep, so that only resolve calls the provider. */
export const WITHOUT_SWEEP = { SWEEP_SECONDS: '750' };

const isoIn = (milliseconds: number): string => new Date(Date.now() + milliseconds).toISOString();

let holders = 0;

/** A new user with a stored grant. */
export const makeHolder = async (
  keyhold: Keyhold,
  { tokens: provider }: RefreshingProvider,
  { kind = 'strict', livesMilliseconds = -1_000, provider: name = 'acme', scopes = ['read', 'write'] }: Given = {},
): Promise<Holder> => {
  const userId = `holder-${++holders}`;
  const [theirs, { worker }] = [`/v1/users/${userId}`, keyhold];
  const tokens = provider.signIn(kind);
  const common = { type: 'oauth2', provider: name, id: GRANT, title: 'Mine', username: 'ada', scopes };
  const body: Holder['body'] = (given = {}) => ({
    ...common,
    ...tokens,
    accessTokenExpiresAt: isoIn(livesMilliseconds),
    ...given,
  });
  expect((await worker.call('POST', `${theirs}/credentials`, body())).status).toBe(201);
  return {
    userId,
    tokens,
    body,
    resolve: (asked = {}, at = keyhold) => at.worker.call('POST', `${theirs}/resolve`, { provider: name, ...asked }),
    view: async () => (await keyhold.user(userId).call('GET', `/v1/me/credentials/${GRANT}`)).json,
    replace: (given) => worker.call('PUT', `${theirs}/credentials/${GRANT}`, given),
    remove: () => worker.call('DELETE', `${theirs}/credentials/${GRANT}`),
    erase: () => worker.call('DELETE', theirs),
  };
};

/** As `makeHolder`, with a token that is valid for minutes, less than `minTtlSeconds`. */
export const makeNearlyExpired = async (keyhold: Keyhold, provider: RefreshingProvider, given: Given = {}) => {
  const holder = await makeHolder(keyhold, provider, { livesMilliseconds: 600_300, ...given });
  const { createdAt, expiresAt } = await holder.view();
  const [start, end] = [Date.parse(createdAt), Date.parse(expiresAt)];
  // Below the whole lifetime: from there on the half-lifetime rule would apply instead.
  const minTtlSeconds = Math.floor((end - start - 1) / 1000);
  await sleep(Math.max(0, end - minTtlSeconds * 1000 - Date.now()) + 1);
  return { ...holder, resolve: (asked = {}, at = keyhold) => holder.resolve({ minTtlSeconds, ...asked }, at) };
};

/** Starts servers that share one table and one folder; the operator has these providers. */
export const startTogether = async (
  count: number,
  providers: Record<string, object>,
  env: Record<string, string> = {},
): Promise<Keyhold[]> => {
  const shared = { ...WITHOUT_SWEEP, ...env, AWS_ENDPOINT_URL_DYNAMODB: await startEngine() };
  const first = await startConnecting(providers, shared);
  const others = Array.from({ length: count - 1 }, () => startKeyhold({ home: first.home, env: shared }));
  return [first, ...(await Promise.all(others))];
};

/** The token in an answer to resolve; undefined in a refusal. */
export const tokenIn = ({ json }: Reply): string | undefined => json.credential?.secret.accessToken;

/** The most token requests that the back-off allows in this time: the pauses are at least 0.5, 1, 2, 4, then 7.5 s. */
export const maxCallsWithBackOff = (seconds: number): number => {
  let [calls, at] = [0, 0];
  for (let pause = 0.5; at <= seconds; pause = Math.min(7.5, pause * 2)) {
    calls++;
    at += pause;
  }
  return calls;
};
