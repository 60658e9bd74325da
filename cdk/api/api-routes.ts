// The routes of the route table, each with the authorizer of its plane and the function that serves it; and no others.
import { Validations } from 'aws-cdk-lib';
import {
  type HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
  type IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer, HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import type { Plane, Route } from '../../lib/http/routes/route.ts';
import { routeKey, routes } from '../../lib/http/routes/routes.ts';
import type { ServiceFunction } from '../functions/service-function.ts';

export interface ApiRoutesProps {
  api: HttpApi;
  functions: ReadonlyMap<string, ServiceFunction>;
  identityProvider: { issuer: string; audience: string[] };
}

export class ApiRoutes extends Construct {
  /** Those anyone may call, by route key. */
  readonly publicRoutes: ReadonlyMap<string, HttpRoute>;

  constructor(scope: Construct, id: string, props: ApiRoutesProps) {
    super(scope, id);
    const { issuer, audience } = props.identityProvider;
    const authorizers: Record<Plane, IHttpRouteAuthorizer> = {
      user: new HttpJwtAuthorizer('UserToken', issuer, { jwtAudience: audience }),
      runtime: new HttpIamAuthorizer(),
      public: new HttpNoneAuthorizer(),
    };
    const integrations = integrationsOf(props.functions);
    const made = routes.map((route) => {
      const httpRoute = new HttpRoute(this, route.id, {
        httpApi: props.api,
        routeKey: HttpRouteKey.with(route.path, HttpMethod[route.method]),
        integration: integrationOf(integrations, route),
        authorizer: authorizers[route.plane],
      });
      return { route, httpRoute };
    });
    const open = made.filter(({ route }) => route.plane === 'public');
    for (const { httpRoute } of open) acknowledgeOpen(httpRoute);
    this.publicRoutes = new Map(open.map(({ route, httpRoute }) => [routeKey(route), httpRoute]));
  }
}

/** One permission per function, not per route: a function's resource policy holds at most 20 KB. */
const integrationsOf = (functions: ApiRoutesProps['functions']): Map<string, HttpLambdaIntegration> =>
  new Map(
    [...functions].map(([name, { lambda }]) => [
      name,
      new HttpLambdaIntegration(name, lambda, { scopePermissionToRoute: false }),
    ]),
  );

const integrationOf = (integrations: Map<string, HttpLambdaIntegration>, route: Route): HttpLambdaIntegration => {
  const integration = integrations.get(route.function);
  if (!integration) throw new Error(`no function ${route.function} for ${routeKey(route)}`);
  return integration;
};

const acknowledgeOpen = (route: HttpRoute): void =>
  Validations.of(route).acknowledge({
    id: 'AwsSolutions-APIG4',
    reason:
      'On the public plane of the route table: asked by monitors and by browsers coming back from a provider, which ' +
      'hold no token. It is throttled on its own, tighter than the rest.',
  });
