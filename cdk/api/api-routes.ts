// Exactly the routes of the route table, each with the authorizer of its plane and the function that serves it.
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
import { routeKey } from '../../lib/http/routes/route.ts';
import { routes } from '../../lib/http/routes/routes.ts';
import type { ServiceFunction } from '../functions/service-function.ts';

/** The API, its functions by their name in the route table, and the issuer whose tokens the user plane accepts. */
export interface ApiRoutesProps {
  api: HttpApi;
  functions: ReadonlyMap<string, ServiceFunction>;
  identityProvider: { issuer: string; audience: string[] };
}

/** A route of the route table, and the one of the API that was made from it. */
export interface CreatedRoute {
  route: Route;
  httpRoute: HttpRoute;
}

/** The routes of the API. */
export class ApiRoutes extends Construct {
  readonly created: readonly CreatedRoute[];

  constructor(scope: Construct, id: string, props: ApiRoutesProps) {
    super(scope, id);
    const { issuer, audience } = props.identityProvider;
    const authorizers: Record<Plane, IHttpRouteAuthorizer> = {
      user: new HttpJwtAuthorizer('UserToken', issuer, { jwtAudience: audience }),
      runtime: new HttpIamAuthorizer(),
      // The functions find the link themselves: an authorizer could neither claim it nor set a cookie.
      link: new HttpNoneAuthorizer(),
      public: new HttpNoneAuthorizer(),
    };
    const integrations = createIntegrations(props.functions);
    const created = routes.map((route) => {
      const httpRoute = new HttpRoute(this, route.id, {
        httpApi: props.api,
        routeKey: HttpRouteKey.with(route.path, HttpMethod[route.method]),
        integration: getIntegration(integrations, route),
        authorizer: authorizers[route.plane],
      });
      return { route, httpRoute };
    });
    for (const { route, httpRoute } of created) {
      if (route.plane === 'public' || route.plane === 'link') acknowledge(httpRoute, UNAUTHORIZED[route.plane]);
    }
    this.created = created;
  }
}

/** One permission per function instead of per route: a function's resource policy is limited to 20 KB. */
const createIntegrations = (functions: ApiRoutesProps['functions']): Map<string, HttpLambdaIntegration> =>
  new Map(
    [...functions].map(([name, { lambda }]) => [
      name,
      new HttpLambdaIntegration(name, lambda, { scopePermissionToRoute: false }),
    ]),
  );

const getIntegration = (integrations: Map<string, HttpLambdaIntegration>, route: Route): HttpLambdaIntegration => {
  const integration = integrations.get(route.function);
  if (!integration) throw new Error(`no function ${route.function} for ${routeKey(route)}`);
  return integration;
};

/** Why API Gateway authorizes no caller of a plane. */
const UNAUTHORIZED = {
  public:
    'On the public plane of the route table: asked by monitors and by browsers coming back from a provider, which ' +
    'hold no token. It is throttled on its own, and so is its function.',
  link:
    'On the link plane of the route table: its functions check the token of the link and the cookie of its browser, and ' +
    'answer every other request with 401. It is throttled on its own, and so are its functions.',
} as const satisfies Partial<Record<Plane, string>>;

const acknowledge = (route: HttpRoute, reason: string): void =>
  Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason });
