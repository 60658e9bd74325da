// The whole service as one stack: storage, functions with their permissions, and the API.
import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Construct } from 'constructs';
import { Alarms } from './alarms.ts';
import { ApiRoutes } from './api/api-routes.ts';
import { ApiStage } from './api/api-stage.ts';
import { httpApi } from './api/http-api.ts';
import { UserDirectory } from './api/user-directory.ts';
import { WorkerPolicy } from './api/worker-policy.ts';
import { CredentialEvents } from './credential-events.ts';
import { ServiceFunctions, type Stores } from './functions/service-functions.ts';
import { StreamSubscription } from './functions/stream-subscription.ts';
import { readSweepInterval, SweepSchedule } from './functions/sweep-schedule.ts';
import { type DeployOptions, readDeployOptions } from './settings/deploy-options.ts';
import { splitList } from './settings/rules.ts';
import { readPageSettings, readSettings } from './settings/settings.ts';
import type { Stage } from './settings/stage.ts';
import { CredentialTable } from './storage/credential-table.ts';
import { OperatorSecrets } from './storage/operator-secrets.ts';
import { SealingKey } from './storage/sealing-key.ts';
import { UserLogKey } from './storage/user-log-key.ts';

/** The stack. Options and settings come from the stage. */
export class KeyholdStack extends Stack {
  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id, {
      description: 'Keyhold: keeps the keys that an application holds for its users',
      terminationProtection: stage.terminationProtection !== 'false',
    });
    const options = readDeployOptions(stage);
    const settings = readSettings(stage);

    const stores = {
      table: new CredentialTable(this, 'Credentials', { restored: options.restoredTable }),
      sealingKey: new SealingKey(this, 'Sealing', { alias: `${id}/sealing`, keyArn: options.sealingKeyArn }),
      userLogKey: new UserLogKey(this, 'UserLog'),
      secrets: new OperatorSecrets(this, 'Secrets'),
      events: new CredentialEvents(this, 'Events', { busName: id }),
    };
    const api = httpApi(this, 'Api', { name: id, allowOrigins: splitList(settings.ALLOWED_ORIGINS) });
    const functions = new ServiceFunctions(this, 'Functions', {
      ...stores,
      settings: { PUBLIC_BASE_URL: api.apiEndpoint, ...settings },
      pageSettings: readPageSettings(stage),
      options,
    });
    const { accessLog } = this.exposeApi(api, functions, options);
    const sweepInterval = readSweepInterval(settings.SWEEP_SECONDS);
    new SweepSchedule(this, 'Sweep', { sweep: functions.sweep, interval: sweepInterval });
    const { undelivered } = stores.events;
    new StreamSubscription(this, 'Stream', { publish: functions.publish, table: stores.table, undelivered });
    new Alarms(this, 'Alarms', {
      accessLog,
      refresh: functions.refresh,
      sweep: functions.sweep,
      sweepInterval,
      undelivered,
      topicArn: options.alarmTopicArn,
    });

    const baseUrl = settings.PUBLIC_BASE_URL ?? api.apiEndpoint;
    const { policyArn: WorkerPolicyArn } = new WorkerPolicy(this, 'Workers', { api });
    this.output({ ApiUrl: baseUrl, ApiId: api.apiId, CallbackUrl: `${baseUrl}/v1/oauth/callback`, WorkerPolicyArn });
    this.output(getOutputs(stores));
  }

  private exposeApi(api: HttpApi, functions: ServiceFunctions, options: DeployOptions): ApiStage {
    const identityProvider = this.identityProvider(options);
    const { created: routes } = new ApiRoutes(this, 'Routes', { api, functions: functions.http, identityProvider });
    return new ApiStage(this, 'Stage', { api, routes, options });
  }

  /** The configured identity provider, otherwise a new user pool. */
  private identityProvider(options: DeployOptions): { issuer: string; audience: string[] } {
    if (options.identityProvider) return options.identityProvider;
    const users = new UserDirectory(this, 'Users', options);
    this.output({ UserPoolId: users.userPoolId, UserPoolClientId: users.clientId });
    return { issuer: users.issuer, audience: [users.clientId] };
  }

  private output(values: Record<string, string>): void {
    for (const [name, value] of Object.entries(values)) new CfnOutput(this, name, { value });
  }
}

const getOutputs = ({ table, sealingKey, userLogKey, secrets, events }: Stores): Record<string, string> => ({
  TableName: table.tableName,
  SealingKeyArn: sealingKey.keyArn,
  UserLogKeySecretArn: userLogKey.secretArn,
  SystemKeysSecretArn: secrets.systemKeys,
  OAuthClientsSecretArn: secrets.oauthClients,
  EventBusName: events.busName,
});
