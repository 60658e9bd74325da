// The HTTP API, created before its routes so that the functions can get its address. CORS allows only the application's own
// front ends.
import { Duration } from 'aws-cdk-lib';
import { CorsHttpMethod, type CorsPreflightOptions, HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Construct } from 'constructs';
import { routes } from '../../lib/http/routes/routes.ts';

const browserMethods = [
  ...new Set(routes.filter((route) => route.plane !== 'runtime').map((route) => CorsHttpMethod[route.method])),
];

const corsFor = (allowOrigins: string[]): CorsPreflightOptions => ({
  allowOrigins,
  allowMethods: browserMethods,
  allowHeaders: ['authorization', 'content-type', 'if-match'],
  exposeHeaders: ['etag', 'location', 'retry-after'],
  allowCredentials: false,
  maxAge: Duration.hours(1),
});

/** The API without routes and stage. CORS is off when no origin is allowed. */
export const httpApi = (scope: Construct, id: string, props: { name: string; allowOrigins: string[] }): HttpApi =>
  new HttpApi(scope, id, {
    apiName: props.name,
    createDefaultStage: false,
    ...(props.allowOrigins.length > 0 && { corsPreflight: corsFor(props.allowOrigins) }),
  });
