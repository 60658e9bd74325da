// The one stage, `$default`, deployed as it changes: what bounds the load, and the access log. Routes that anyone may call
// have a tighter bound each, so that strangers cannot use up what users and workers need.
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

export interface ApiStageProps {
  api: HttpApi;
  /** By route key. */
  publicRoutes: ReadonlyMap<string, HttpRoute>;
  options: DeployOptions;
}

export class ApiStage extends Construct {
  constructor(scope: Construct, id: string, { api, publicRoutes, options }: ApiStageProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'AccessLog', {
      retention: options.logRetentionDays,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const stage = new HttpStage(this, 'Default', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      throttle: options.throttle,
      accessLogSettings: { destination: new LogGroupLogDestination(logGroup), format: accessLogFormat },
    });
    const { rateLimit, burstLimit } = options.publicThrottle;
    const tighter = { ThrottlingRateLimit: rateLimit, ThrottlingBurstLimit: burstLimit };
    (stage.node.defaultChild as CfnStage).routeSettings = Object.fromEntries(
      [...publicRoutes.keys()].map((routeKey) => [routeKey, tighter]),
    );
    // API Gateway refuses settings for a route that does not exist yet.
    stage.node.addDependency(...publicRoutes.values());
  }
}
