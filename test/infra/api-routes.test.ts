// The API has exactly the routes of the route table, each with the authorizer of its plane; and its throttles and access log.
import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { routeKey } from '../../lib/http/routes/route.ts';
import { routes } from '../../lib/http/routes/routes.ts';
import { CORS_SETTINGS } from '../../local/http/cors.ts';
import { findResources, functionResource, onlyResource, type Resource, synthesize } from './support/synthesize.ts';

const AUTHORIZATION = { user: 'JWT', runtime: 'AWS_IAM', link: 'NONE', public: 'NONE' };

let template: Template;
let byKey: Map<unknown, Resource>;
beforeAll(() => {
  template = synthesize({ ALLOWED_ORIGINS: 'https://app.example.com,http://localhost:5173' });
  byKey = new Map(findResources(template, 'AWS::ApiGatewayV2::Route').map(([, r]) => [r.Properties.RouteKey, r]));
});

const stage = () => onlyResource(template, 'AWS::ApiGatewayV2::Stage').Properties;

interface Target {
  'Fn::Join': [string, [string, { Ref: string }]];
}

const getRoute = (key: string): Record<string, unknown> => byKey.get(key)?.Properties ?? {};

/** The integration that a route's target names. */
const getIntegration = (key: string): unknown => {
  const [, [, { Ref }]] = (getRoute(key).Target as Target)['Fn::Join'];
  return template.findResources('AWS::ApiGatewayV2::Integration')[Ref]?.Properties;
};

describe('the routes of the API', () => {
  it('are exactly those of the route table', () => {
    template.resourceCountIs('AWS::ApiGatewayV2::Route', routes.length);
    expect([...byKey.keys()].sort()).toEqual(routes.map(routeKey).sort());
  });

  it.each(routes.map((route) => [routeKey(route), route] as const))(
    '%s has the authorizer of its plane',
    (key, route) => {
      const [[authorizerId] = []] = findResources(template, 'AWS::ApiGatewayV2::Authorizer');
      expect(getRoute(key).AuthorizationType).toBe(AUTHORIZATION[route.plane]);
      expect(getRoute(key).AuthorizerId).toEqual(route.plane === 'user' ? { Ref: authorizerId } : undefined);
    },
  );

  it.each(routes.map((route) => [routeKey(route), route] as const))('%s is served by its function', (key, route) => {
    const [functionId] = functionResource(template, route.function);
    expect(getIntegration(key)).toMatchObject({
      IntegrationType: 'AWS_PROXY',
      PayloadFormatVersion: '2.0',
      IntegrationUri: { 'Fn::GetAtt': [functionId, 'Arn'] },
    });
  });

  it('have one permission for each function, for this API only', () => {
    const permissions = findResources(template, 'AWS::Lambda::Permission')
      .map(([, resource]) => resource.Properties)
      .filter((properties) => properties.Principal === 'apigateway.amazonaws.com');
    const [[apiId] = []] = findResources(template, 'AWS::ApiGatewayV2::Api');
    expect(permissions).toHaveLength(new Set(routes.map((route) => route.function)).size);
    for (const { SourceArn } of permissions) expect(JSON.stringify(SourceArn)).toContain(`{"Ref":"${apiId}"}`);
  });
});

describe('the stage', () => {
  it('is the default stage with limits, and with limits of each route', () => {
    expect(stage()).toMatchObject({
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 200, ThrottlingBurstLimit: 400 },
    });
    expect(Object.keys(stage().RouteSettings as object).toSorted()).toEqual(routes.map(routeKey).toSorted());
  });

  it('depends on the routes it throttles', () => {
    const { DependsOn = [] } = onlyResource(template, 'AWS::ApiGatewayV2::Stage');
    const ids = findResources(template, 'AWS::ApiGatewayV2::Route').map(([id]) => id);
    expect(DependsOn).toEqual(expect.arrayContaining(ids));
  });

  it('logs the route and the ARN of the caller, never the path, query, headers, claims, access key or address', () => {
    const { Format } = stage().AccessLogSettings as { Format: string };
    const logged = Object.values(JSON.parse(Format) as Record<string, string>);
    expect(logged).toContain('$context.routeKey');
    expect(logged.filter((field) => !/^\$context\.[\w.]+$/.test(field))).toEqual([]);
    expect(logged.filter((field) => field === '$context.identity.userArn')).toHaveLength(1);
    const others = logged.filter((field) => field !== '$context.identity.userArn');
    expect(others.filter((field) => /path|query|header|authorizer|identity|domain|message/i.test(field))).toEqual([]);
  });
});

describe('CORS', () => {
  it('allows the return origins, without credentials', () => {
    expect(onlyResource(template, 'AWS::ApiGatewayV2::Api').Properties.CorsConfiguration).toEqual({
      AllowOrigins: ['https://app.example.com', 'http://localhost:5173'],
      AllowHeaders: ['authorization', 'content-type', 'if-match'],
      AllowMethods: expect.arrayContaining(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
      ExposeHeaders: ['etag', 'location', 'retry-after'],
      AllowCredentials: false,
      MaxAge: 3600,
    });
  });

  it('is answered with the same headers by the local server', () => {
    expect(onlyResource(template, 'AWS::ApiGatewayV2::Api').Properties.CorsConfiguration).toMatchObject({
      AllowHeaders: CORS_SETTINGS.allowHeaders,
      ExposeHeaders: CORS_SETTINGS.exposeHeaders,
      MaxAge: CORS_SETTINGS.maxAgeSeconds,
    });
  });

  it('is off when no origin is given', () => {
    expect(onlyResource(synthesize(), 'AWS::ApiGatewayV2::Api').Properties.CorsConfiguration).toBeUndefined();
  });
});
