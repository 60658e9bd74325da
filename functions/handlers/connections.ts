// The connection routes that both planes have.
import { viewStored } from '../../lib/domain/credential/credential-view.ts';
import type { Deps } from '../../lib/domain/ports/deps.ts';
import { toWireTime } from '../../lib/domain/values/names.ts';
import type { HandlerResult } from '../../lib/http/routes/route.ts';
import { type CompleteConnection, completeConnection } from '../../lib/operations/connect/complete-connection.ts';
import { pollDeviceConnection } from '../../lib/operations/connect/poll-device-connection.ts';
import { type StartConnection, startConnection } from '../../lib/operations/connect/start-connection.ts';
import { startDeviceConnection } from '../../lib/operations/connect/start-device-connection.ts';

type ConnectDeps = Pick<
  Deps,
  'users' | 'states' | 'providers' | 'oauth' | 'redirects' | 'sealer' | 'clock' | 'random' | 'sleep' | 'limits'
>;

type WithoutUser<T> = T extends unknown ? Omit<T, 'userId'> : never;

interface Asked<B> {
  userId: string;
  body: B;
}

export const start =
  (deps: ConnectDeps) =>
  async ({ userId, body }: Asked<WithoutUser<StartConnection>>): Promise<HandlerResult> => {
    const { expiresAt, ...started } = await startConnection(deps, { userId, ...body });
    return { status: 201, body: { ...started, expiresAt: toWireTime(expiresAt) } };
  };

export const complete =
  (deps: ConnectDeps) =>
  async ({ userId, body }: Asked<WithoutUser<CompleteConnection>>): Promise<HandlerResult> => {
    const { credential, created } = await completeConnection(deps, { userId, ...body });
    return { status: created ? 201 : 200, body: viewStored(credential, deps.clock.now()) };
  };

export const startDevice =
  (deps: ConnectDeps) =>
  async ({ userId, body }: Asked<{ provider: string; scopes?: string[] | undefined }>): Promise<HandlerResult> => {
    const { state, authorization, expiresAt } = await startDeviceConnection(deps, { userId, ...body });
    const { userCode, verificationUri, verificationUriComplete, intervalSeconds: interval } = authorization;
    const complete = verificationUriComplete === null ? {} : { verificationUriComplete };
    return {
      status: 201,
      body: { state, userCode, verificationUri, ...complete, interval, expiresAt: toWireTime(expiresAt) },
    };
  };

export const pollDevice =
  (deps: ConnectDeps) =>
  async ({ userId, body }: Asked<{ state: string }>): Promise<HandlerResult> => ({
    status: 200,
    body: await pollDeviceConnection(deps, { userId, state: body.state }),
  });
