// The limit of calls in the handler chain: whom it counts on which plane, and what it answers.
import { describe, expect, it, vi } from 'vitest';
import { tokenBuckets } from '../../../lib/adapters/resilience/token-buckets.ts';
import { callDeadline } from '../../../lib/adapters/runtime/call-deadline.ts';
import { ServiceError } from '../../../lib/domain/values/service-error.ts';
import { httpFunction } from '../../../lib/http/chain/http-function.ts';
import { limitCalls } from '../../../lib/http/chain/limit-calls.ts';
import { sourceNetwork } from '../../../lib/http/chain/source-network.ts';
import { selectRoutes } from '../../../lib/http/routes/own-routes.ts';
import type { HandlerResult, Plane } from '../../../lib/http/routes/route.ts';
import { routeTable } from '../../../lib/http/routes/routes.ts';
import { asUser, asWorker, httpEvent, lambdaContext } from '../../support/builders.ts';
import { settableClock } from '../../support/memory/memory-deps.ts';

const fine = async (): Promise<HandlerResult> => ({ status: 200 });
const refused = async (): Promise<HandlerResult> => ({ status: 400, logReason: 'unknown' });
const fails = async (): Promise<HandlerResult> => {
  throw new ServiceError('store_unavailable');
};

const open = (plane: Plane) => {
  const limit = tokenBuckets(1, settableClock());
  return async (event: ReturnType<typeof httpEvent>, work = fine) => {
    try {
      return (await limitCalls(limit, { route: { plane }, event, work })).status;
    } catch (error) {
      return (error as { status?: number }).status ?? 503;
    }
  };
};

type Call = ReturnType<typeof open>;
const repeat = async (call: Call, ...given: Parameters<Call>) => {
  const statuses: number[] = [];
  for (let index = 0; index < 7; index++) statuses.push(await call(...given));
  return statuses.map(String).join(' ');
};

const from = (sourceIp: string) => {
  const event = httpEvent();
  return { ...event, requestContext: { ...event.requestContext, http: { ...event.requestContext.http, sourceIp } } };
};
const onBehalf = (userId?: string) =>
  httpEvent({ authorizer: asWorker(), ...(userId !== undefined && { params: { userId } }) });

describe('the limit of calls', () => {
  it('counts each user of the user plane by the verified sub', async () => {
    const call = open('user');
    expect(await repeat(call, httpEvent({ authorizer: asUser('alice') }))).toBe('200 200 200 200 200 429 429');
    expect(await call(httpEvent({ authorizer: asUser('bob') }))).toBe(200);
  });

  it('counts each user of the runtime plane by the id in the path, in either spelling', async () => {
    const call = open('runtime');
    expect(await repeat(call, onBehalf('alice'))).toBe('200 200 200 200 200 429 429');
    expect(await call(onBehalf(`~${Buffer.from('alice').toString('base64url')}`))).toBe(429);
    expect(await call(onBehalf('bob'))).toBe(200);
  });

  it('counts failures of users as well', async () => {
    expect(await repeat(open('user'), httpEvent({ authorizer: asUser('alice') }), fails)).toBe(
      '503 503 503 503 503 429 429',
    );
  });

  it('has none on a route that concerns no user', async () => {
    expect(await repeat(open('runtime'), onBehalf())).toBe('200 200 200 200 200 200 200');
  });

  it('counts refused callbacks of a network, and neither those received nor faults of the service', async () => {
    const call = open('public');
    expect(await repeat(call, from('192.0.2.1'))).toBe('200 200 200 200 200 200 200');
    expect(await repeat(call, from('192.0.2.1'), fails)).toBe('503 503 503 503 503 503 503');
    expect(await repeat(call, from('192.0.2.1'), refused)).toBe('400 400 400 400 400 429 429');
    expect(await call(from('192.0.2.1'))).toBe(429);
    expect(await repeat(call, from('192.0.2.2'))).toBe('200 200 200 200 200 200 200');
  });

  it('does no work for a call it refuses', async () => {
    const call = open('public');
    const work = vi.fn(refused);
    await repeat(call, from('192.0.2.1'), work);
    expect(work).toHaveBeenCalledTimes(5);
  });
});

describe('the answer to a call over the limit', () => {
  it('has the form of API Gateway, and Retry-After', async () => {
    const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const clock = settableClock();
    const chain = {
      log,
      clock,
      deadline: callDeadline,
      userLogKey: 'the-key-of-the-log',
      callLimit: { take: () => 3, giveBack: () => {} },
    };
    const run = httpFunction(
      selectRoutes('oauth-callback', routeTable),
      { receiveOAuthCallback: fine, receiveOAuthFormPost: fine } as never,
      chain,
    );
    const answer = await run(httpEvent({ routeKey: 'GET /v1/oauth/callback' }), lambdaContext());
    expect(answer).toMatchObject({ statusCode: 429, body: '{"message":"Too Many Requests"}' });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'retry-after': '3',
    });
    expect(log.info).toHaveBeenCalledWith(
      'request',
      expect.objectContaining({ status: 429, code: 'Too Many Requests' }),
    );
  });
});

describe('the network of an address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:0db8:0001:0002::9', '2001:db8:1:2'],
    ['2001:db8::7', '2001:db8:0:0'],
    ['2001:db8:1:2:3::', '2001:db8:1:2'],
    ['::1', '0:0:0:0'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
  ])('of %s is %s', (address, network) => {
    expect(sourceNetwork(address)).toBe(network);
  });
});
