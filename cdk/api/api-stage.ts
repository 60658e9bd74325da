// The only stage, `$default`, deployed automatically, with throttling and the access log. Each public route has a lower limit, so
// that anonymous callers cannot use up the capacity of users and workers.
import { RemovalPolicy } from 'aws-cdk-lib';
import {
  type CfnStage,
  type HttpApi,
  type HttpRoute,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { DeployOptions } from '../settings/deploy-options.ts';
import { accessLogFormat } from './access-log.ts';

/** What the stage serves, and its throttling and log settings. */
export interface ApiStageProps {
  api: HttpApi;
  /** Routes without an authorizer, by route key. */
  publicRoutes: ReadonlyMap<string, HttpRoute>;
  options: DeployOptions;
}

/** The stage of the API. */
export class ApiStage extends Construct {
  readonly accessLog: LogGroup;

  constructor(scope: Construct, id: string, { api, publicRoutes, options }: ApiStageProps) {
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
      throttle: options.throttle,
      accessLogSettings: { destination: new LogGroupLogDestination(logGroup), format: accessLogFormat },
    });
    const { rateLimit, burstLimit } = options.publicThrottle;
    const lowerLimit = { ThrottlingRateLimit: rateLimit, ThrottlingBurstLimit: burstLimit };
    (stage.node.defaultChild as CfnStage).routeSettings = Object.fromEntries(
      [...publicRoutes.keys()].map((routeKey) => [routeKey, lowerLimit]),
    );
    // API Gateway rejects settings for a route that does not exist yet.
    stage.node.addDependency(...publicRoutes.values());
  }
}
