// What keeps the load of one plane from stopping another: limits of each route, executions of each function, and a health function that
// shares nothing.
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { routeKey } from '../../lib/http/routes/route.ts';
import { routes } from '../../lib/http/routes/routes.ts';
import {
  type Context,
  findResources,
  functionResource,
  getStack,
  makeApp,
  onlyResource,
  readEnvironment,
  synthesize,
} from './support/synthesize.ts';

const functionNames = [...new Set(routes.map((route) => route.function)), 'refresh-sweep', 'publish-events'];

const CONCURRENCY = {
  'user-api': { userApiConcurrency: 100 },
  'start-api': { startApiConcurrency: 35 },
  'connect-api': { connectApiConcurrency: 50 },
  'runtime-api': { runtimeApiConcurrency: '200' },
  'runtime-start-api': { runtimeStartApiConcurrency: 45 },
  'link-api': { linkApiConcurrency: 40 },
  'link-start-api': { linkStartApiConcurrency: 25 },
  'link-connect-api': { linkConnectApiConcurrency: 30 },
  'oauth-callback': { oauthCallbackConcurrency: 20 },
  health: { healthConcurrency: 5 },
  'connect-page': { connectPageConcurrency: 6 },
  'client-metadata': { clientMetadataConcurrency: 7 },
  'refresh-sweep': { refreshSweepConcurrency: 2 },
  'publish-events': { publishEventsConcurrency: 3 },
  'moving-api': { movingApiConcurrency: 4 },
};

const routeLimits = (context: Context = {}) => {
  const { RouteSettings } = onlyResource(synthesize(context), 'AWS::ApiGatewayV2::Stage').Properties;
  const limits = RouteSettings as Record<string, { ThrottlingRateLimit: number; ThrottlingBurstLimit: number }>;
  return Object.fromEntries(
    Object.entries(limits).map(([key, each]) => [key, [each.ThrottlingRateLimit, each.ThrottlingBurstLimit]]),
  );
};

const expectedLimits = (byKind: Record<string, number[]>) =>
  Object.fromEntries(
    routes.map((route) => {
      const isApart = route.plane === 'public' || route.function === 'moving-api';
      const kind = isApart ? route.function : route.plane;
      return [routeKey(route), byKind[kind]];
    }),
  );

describe('the limits of requests', () => {
  it('are set on every route, by plane; the callback’s is far above that of health', () => {
    expect(routeLimits()).toEqual(
      expectedLimits({
        ...{ user: [200, 400], runtime: [200, 400], link: [200, 400] },
        ...{ 'oauth-callback': [1000, 2000], health: [10, 20], 'connect-page': [200, 400], 'moving-api': [20, 40] },
        'client-metadata': [200, 400],
      }),
    );
  });

  it('can be set for each plane', () => {
    const context = {
      ...{ userThrottleRate: 1, userThrottleBurst: 2, runtimeThrottleRate: 3, runtimeThrottleBurst: 4 },
      ...{ linkThrottleRate: 9, linkThrottleBurst: 10 },
      ...{ callbackThrottleRate: 5, callbackThrottleBurst: 6, healthThrottleRate: 7, healthThrottleBurst: 8 },
      ...{ pageThrottleRate: 11, pageThrottleBurst: 12 },
      ...{ movingThrottleRate: 13, movingThrottleBurst: 14 },
    };
    expect(routeLimits(context)).toEqual(
      expectedLimits({
        ...{ user: [1, 2], runtime: [3, 4], link: [9, 10], 'oauth-callback': [5, 6], health: [7, 8] },
        ...{ 'connect-page': [11, 12], 'client-metadata': [11, 12], 'moving-api': [13, 14] },
      }),
    );
  });
});

const reservedIn = (context: Context) => {
  const template = synthesize(context);
  return Object.fromEntries(
    functionNames.map((name) => [
      name,
      functionResource(template, name)[1].Properties.ReservedConcurrentExecutions as number | undefined,
    ]),
  );
};

const warnings = (context: Context) =>
  Annotations.fromStack(getStack(makeApp(context)))
    .findWarning('*', Match.stringLikeRegexp('oncurrency'))
    .map(({ entry }) => String(entry.data));

describe('the executions of a function', () => {
  it('are not reserved by default, so that a new account can deploy, and the synthesis warns of it', () => {
    expect(Object.values(reservedIn({})).filter((reserved) => reserved !== undefined)).toEqual([]);
    expect(warnings({})).toEqual([expect.stringContaining('can starve the others')]);
  });

  it('can be reserved for every function', () => {
    expect(Object.keys(CONCURRENCY).toSorted()).toEqual(functionNames.toSorted());
    const all = Object.assign({}, ...Object.values(CONCURRENCY)) as Context;
    const expected = Object.entries(CONCURRENCY).map(([name, option]) => [name, Number(Object.values(option)[0])]);
    expect(reservedIn(all)).toEqual(Object.fromEntries(expected));
    expect(warnings(all)).toEqual([]);
  });

  it('are not reserved where the option is 0: Lambda would stop the function', () => {
    expect(reservedIn({ userApiConcurrency: 0, healthConcurrency: 1 })).toMatchObject({
      'user-api': undefined,
      health: 1,
    });
  });
});

describe('the health function', () => {
  const template = synthesize({ MAX_CREDENTIALS_PER_USER: 7 });

  it('has no resource name and no setting in its environment', () => {
    expect(readEnvironment(template, 'health')).toEqual({});
  });

  it('serves the health route and no other', () => {
    expect(routes.filter((route) => route.function === 'health').map(routeKey)).toEqual(['GET /v1/health']);
    expect(findResources(template, 'AWS::ApiGatewayV2::Integration')).toHaveLength(
      new Set(routes.map((route) => route.function)).size,
    );
  });
});
