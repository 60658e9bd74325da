// All functions with their environment and permissions. A function gets the ARN of a key or secret only if it may use it.
import { Annotations, Duration, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Capability } from '../../lib/http/routes/route.ts';
import { FUNCTION_MILLISECONDS } from '../../lib/platform.ts';
import type { CredentialEvents } from '../credential-events.ts';
import type { DeployOptions } from '../settings/deploy-options.ts';
import type { CredentialTable } from '../storage/credential-table.ts';
import type { OperatorSecrets } from '../storage/operator-secrets.ts';
import type { SealingKey } from '../storage/sealing-key.ts';
import type { UserLogKey } from '../storage/user-log-key.ts';
import { type FunctionPlan, httpFunctions, publishFunction, refreshFunction, sweepFunction } from './function-plan.ts';
import { type PolicyTargets, policyFor } from './policy-grants.ts';
import { ServiceFunction } from './service-function.ts';

/** The storage of the service, and its event bus. */
export interface Stores {
  table: CredentialTable;
  sealingKey: SealingKey;
  userLogKey: UserLogKey;
  secrets: OperatorSecrets;
  events: CredentialEvents;
}

/** What the functions are given: the stores they may use, their environment, and the options of the deployment. */
export interface ServiceFunctionsProps extends Stores {
  settings: Record<string, string>;
  /** Of the connect page; its name is also the OAuth client's. */
  pageSettings: Record<string, string>;
  options: DeployOptions;
}

const pascalCase = (name: string): string => name.replace(/(?:^|-)([a-z])/g, (_, letter) => letter.toUpperCase());

/** The namespace of the stack's metrics: two stacks in one account do not mix. */
export const metricsNamespace = (scope: Construct): string => `Keyhold/${Stack.of(scope).stackName}`;

/** All functions of the stack. */
export class ServiceFunctions extends Construct {
  /** The functions that serve routes, by their name in the route table. */
  readonly http: ReadonlyMap<string, ServiceFunction>;
  /** Invoked by those that resolve. */
  readonly refresh: ServiceFunction;
  readonly sweep: ServiceFunction;
  readonly publish: ServiceFunction;

  constructor(scope: Construct, id: string, props: ServiceFunctionsProps) {
    super(scope, id);
    this.refresh = this.make(refreshFunction, props);
    // The next caller orders a refresh again, so one that fails is not repeated, and one that waits so long is out of date.
    this.refresh.lambda.configureAsyncInvoke({ maxEventAge: Duration.minutes(1), retryAttempts: 0 });
    this.http = new Map(httpFunctions.map((plan) => [plan.name, this.make(plan, props)]));
    this.sweep = this.make(sweepFunction, props);
    this.publish = this.make(publishFunction, props);
    if (Object.keys(props.options.reservedConcurrency).length === 0) warnOfSharedConcurrency(this);
  }

  private make({ name, capabilities, milliseconds }: FunctionPlan, props: ServiceFunctionsProps): ServiceFunction {
    const { options } = props;
    return new ServiceFunction(this, pascalCase(name), {
      name,
      milliseconds: milliseconds ?? FUNCTION_MILLISECONDS,
      policy: policyFor(capabilities, {
        ...getPolicyTargets(props),
        refreshFunction: this.refresh?.lambda.functionArn,
      }),
      environment:
        capabilities.length === 0
          ? rightlessEnvironment(name, props)
          : { ...this.makeEnvironment(capabilities, props), ...this.telemetryFor(name, capabilities, props) },
      memoryMegabytes: options.memoryMegabytes,
      logRetentionDays: options.logRetentionDays,
      reservedConcurrency: options.reservedConcurrency[name],
    });
  }

  private makeEnvironment(capabilities: readonly Capability[], props: ServiceFunctionsProps): Record<string, string> {
    return {
      TABLE_NAME: props.table.tableName,
      ...getResourceNames(capabilities, props),
      ...(capabilities.includes('register_client') && clientSettings(props)),
      ...(capabilities.includes('invoke_refresh') && { REFRESH_INVOKE_URL: getInvokeUrl(this.refresh) }),
      ...props.settings,
    };
  }

  /** Functions that serve routes hash user ids for the log; those that open secrets record metrics. */
  private telemetryFor(
    name: string,
    capabilities: readonly Capability[],
    { userLogKey }: ServiceFunctionsProps,
  ): Record<string, string> {
    return {
      ...(httpFunctions.some((plan) => plan.name === name) && { USER_LOG_KEY: userLogKey.reference }),
      ...(capabilities.includes('open_secret') && { METRICS_NAMESPACE: metricsNamespace(this) }),
    };
  }
}

/** A function without rights has no resource to be told of. */
const rightlessEnvironment = (name: string, props: ServiceFunctionsProps): Record<string, string> => {
  if (name === 'connect-page') return props.pageSettings;
  return name === 'client-metadata' ? clientSettings(props) : {};
};

/** What the metadata of the OAuth client follows from. */
const clientSettings = ({ settings, pageSettings }: ServiceFunctionsProps): Record<string, string> =>
  pick({ ...settings, ...pageSettings }, ['PUBLIC_BASE_URL', 'CONNECT_PAGE_NAME']);

const pick = (settings: Record<string, string>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => names.includes(name)));

/** Nothing is reserved by default: an account with the quota of 10 executions refuses any reservation, and the deployment with it. */
const warnOfSharedConcurrency = (scope: Construct): void =>
  Annotations.of(scope).addWarningV2(
    'keyhold:shared-concurrency',
    'No concurrency is reserved: the functions share the executions of the account, so a flood on one plane can starve the ' +
      'others. Set runtimeApiConcurrency and the like (docs/deploy.md); Lambda keeps 100 executions of the quota unreserved.',
  );

const getInvokeUrl = ({ lambda }: ServiceFunction): string => {
  const { region, urlSuffix } = Stack.of(lambda);
  return `https://lambda.${region}.${urlSuffix}/2015-03-31/functions/${lambda.functionName}/invocations`;
};

const getPolicyTargets = ({ table, sealingKey, secrets, events }: Stores): Omit<PolicyTargets, 'refreshFunction'> => ({
  table: table.tableArn,
  dueIndex: table.dueIndexArn,
  lookupIndex: table.lookupIndexArn,
  urlLookupIndex: table.urlLookupIndexArn,
  sealingKey: sealingKey.keyArn,
  systemKeys: secrets.systemKeys,
  oauthClients: secrets.oauthClients,
  stream: table.streamArn,
  streams: `${table.tableArn}/stream/*`,
  deadLetterQueue: events.undelivered.queueArn,
  eventBus: events.busArn,
});

/** Each of these uses the sealing key. */
const SEALING: readonly Capability[] = ['seal_secret', 'open_secret', 'register_client', 'read_client', 'read_servers'];

const getResourceNames = (
  capabilities: readonly Capability[],
  { sealingKey, secrets, events }: Stores,
): Record<string, string> => {
  const may = (capability: Capability) => capabilities.includes(capability);
  return {
    ...(SEALING.some(may) && { KMS_KEY_ID: sealingKey.keyArn }),
    ...(may('read_system_keys') && { SYSTEM_KEYS_SECRET: secrets.systemKeys }),
    ...(may('read_oauth_clients') && { OAUTH_CLIENTS_SECRET: secrets.oauthClients }),
    ...(may('publish_events') && { EVENT_BUS_NAME: events.busName }),
  };
};
