// The only stage, `$default`, deployed automatically, with the access log. Each route has the limits of its plane, so that no plane
// uses up the requests of another; import and export have lower ones. A limit of a route is one for the whole world; the functions
// bound each caller (lib/http/chain/limit-calls.ts).
import { RemovalPolicy } from 'aws-cdk-lib';
import { type CfnStage, type HttpApi, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Route } from '../../lib/http/routes/route.ts';
import { routeKey } from '../../lib/http/routes/route.ts';
import { CALLBACK_PATH, CLIENT_METADATA_PATH, CONNECT_PATH } from '../../lib/platform.ts';
import type { DeployOptions, Throttle, ThrottledRoutes } from '../settings/deploy-options.ts';
import { accessLogFormat } from './access-log.ts';
import type { CreatedRoute } from './api-routes.ts';

/** What the stage serves, and its throttling and log settings. */
export interface ApiStageProps {
  api: HttpApi;
  routes: readonly CreatedRoute[];
  options: DeployOptions;
}

const selectThrottle = ({ plane, path, function: name }: Route): ThrottledRoutes => {
  if (name === 'moving-api') return 'moving';
  if (plane !== 'public') return plane;
  if (path === CONNECT_PATH || path === CLIENT_METADATA_PATH) return 'page';
  return path === CALLBACK_PATH ? 'callback' : 'health';
};

const routeSettings = ({ rateLimit, burstLimit }: Throttle) => ({
  ThrottlingRateLimit: rateLimit,
  ThrottlingBurstLimit: burstLimit,
});

/** The stage of the API. */
export class ApiStage extends Construct {
  readonly accessLog: LogGroup;

  constructor(scope: Construct, id: string, { api, routes, options }: ApiStageProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'AccessLog', {
      retention: options.logRetentionDays,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.accessLog = logGroup;
    const stage = new HttpStage(this, 'Default', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      throttle: options.throttles.user,
      accessLogSettings: { destination: new LogGroupLogDestination(logGroup), format: accessLogFormat },
    });
    (stage.node.defaultChild as CfnStage).routeSettings = Object.fromEntries(
      routes.map(({ route }) => [routeKey(route), routeSettings(options.throttles[selectThrottle(route)])]),
    );
    // API Gateway rejects settings for a route that does not exist yet.
    stage.node.addDependency(...routes.map(({ httpRoute }) => httpRoute));
  }
}
