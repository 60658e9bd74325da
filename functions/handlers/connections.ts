// Handlers of the connection routes and of OAuth states.
import { viewStored } from '../../lib/domain/credential/credential-view.ts';
import type { Deps } from '../../lib/domain/ports/deps.ts';
import { toWireTime } from '../../lib/domain/values/names.ts';
import type { HandlerResult } from '../../lib/http/routes/route.ts';
import { type CompleteConnection, completeConnection } from '../../lib/operations/connect/complete-connection.ts';
import { consumeOAuthState } from '../../lib/operations/connect/consume-oauth-state.ts';
import { createOAuthState } from '../../lib/operations/connect/create-oauth-state.ts';
import { pollDeviceConnection } from '../../lib/operations/connect/poll-device-connection.ts';
import { type StartConnection, startConnection } from '../../lib/operations/connect/start-connection.ts';
import { startDeviceConnection } from '../../lib/operations/connect/start-device-connection.ts';
import { startServerConnection } from '../../lib/operations/connect/start-server-connection.ts';

type StartDeps = Parameters<typeof startServerConnection>[0] & Parameters<typeof startDeviceConnection>[0];

type FinishDeps = Parameters<typeof completeConnection>[0] & Parameters<typeof pollDeviceConnection>[0];

type StateDeps = Pick<Deps, 'users' | 'states' | 'redirects' | 'clock' | 'random' | 'limits'>;

/** The body of a request that becomes the operation's request once the user is added. */
export type OperationBody<T> = T extends unknown ? Omit<T, 'userId'> : never;

interface Request<Body> {
  userId: string;
  body: Body;
}

/** The body of a start: the schema lets through exactly one of `provider` and `mcpServerUrl`. */
export interface StartBody extends Omit<StartConnection, 'userId' | 'provider'> {
  provider?: string | undefined;
  mcpServerUrl?: string | undefined;
  challenge?: string | undefined;
}

const start = (deps: StartDeps, { userId, body }: Request<StartBody>) => {
  const { provider = '', mcpServerUrl, challenge, ...flow } = body;
  return mcpServerUrl === undefined
    ? startConnection(deps, { ...flow, userId, provider })
    : startServerConnection(deps, { ...flow, userId, mcpServerUrl, challenge });
};

/** Starting a connection in a browser and on a device. */
export const startHandlers = (deps: StartDeps) => ({
  startConnection: async (request: Request<StartBody>): Promise<HandlerResult> => {
    const { expiresAt, ...started } = await start(deps, request);
    return { status: 201, body: { ...started, expiresAt: toWireTime(expiresAt) } };
  },
  startDeviceConnection: async ({
    userId,
    body,
  }: Request<OperationBody<Parameters<typeof startDeviceConnection>[1]>>): Promise<HandlerResult> => {
    const { state, authorization, expiresAt } = await startDeviceConnection(deps, { userId, ...body });
    const { userCode, verificationUri, verificationUriComplete, intervalSeconds: interval } = authorization;
    const complete = verificationUriComplete === null ? {} : { verificationUriComplete };
    return {
      status: 201,
      body: { state, userCode, verificationUri, ...complete, interval, expiresAt: toWireTime(expiresAt) },
    };
  },
});

/** Completing a connection, and polling for one on a device. */
export const finishHandlers = (deps: FinishDeps) => ({
  completeConnection: async ({ userId, body }: Request<OperationBody<CompleteConnection>>): Promise<HandlerResult> => {
    const { credential, created } = await completeConnection(deps, { userId, ...body });
    return { status: created ? 201 : 200, body: viewStored(credential, deps.clock.now()) };
  },
  pollDeviceConnection: async ({
    userId,
    body,
  }: Request<OperationBody<Parameters<typeof pollDeviceConnection>[1]>>): Promise<HandlerResult> => ({
    status: 200,
    body: await pollDeviceConnection(deps, { userId, ...body }),
  }),
});

/** States for applications that exchange the code themselves. */
export const oauthStateHandlers = (deps: StateDeps) => ({
  createOAuthState: async ({
    userId,
    body,
  }: Request<OperationBody<Parameters<typeof createOAuthState>[1]>>): Promise<HandlerResult> => {
    const { expiresAt, ...created } = await createOAuthState(deps, { userId, ...body });
    return { status: 201, body: { ...created, codeChallengeMethod: 'S256', expiresAt: toWireTime(expiresAt) } };
  },
  consumeOAuthState: async ({ userId, body }: Request<{ token: string; provider: string }>): Promise<HandlerResult> => {
    const { expiresAt, ...state } = await consumeOAuthState(deps, { userId, ...body });
    return { status: 200, body: { ...state, expiresAt: toWireTime(expiresAt) } };
  },
});
