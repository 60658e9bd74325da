// The HTTP API itself, known before its routes so that the functions can be told its address. Browsers of other origins
// may call it only from the application's own front ends.

import { Duration } from 'aws-cdk-lib';
import { CorsHttpMethod, type CorsPreflightOptions, HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Construct } from 'constructs';
import { routes } from '../../lib/http/routes/routes.ts';

const methodsOfBrowsers = [
  ...new Set(routes.filter((route) => route.plane !== 'runtime').map((route) => CorsHttpMethod[route.method])),
];

const corsFor = (allowOrigins: string[]): CorsPreflightOptions => ({
  allowOrigins,
  allowMethods: methodsOfBrowsers,
  allowHeaders: ['authorization', 'content-type', 'if-match'],
  exposeHeaders: ['etag', 'location', 'retry-after'],
  allowCredentials: false,
  maxAge: Duration.hours(1),
});

export const httpApi = (scope: Construct, id: string, props: { name: string; allowOrigins: string[] }): HttpApi =>
  new HttpApi(scope, id, {
    apiName: props.name,
    createDefaultStage: false,
    ...(props.allowOrigins.length > 0 && { corsPreflight: corsFor(props.allowOrigins) }),
  });
