// Runtime, environment, schedule and alarms of the functions.
import { Annotations, Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../lib/http/routes/routes.ts';
import { FUNCTION_MILLISECONDS, SWEEP_FUNCTION_MILLISECONDS } from '../../lib/platform.ts';
import {
  type Context,
  findResources,
  functionResource,
  getStack,
  makeApp,
  onlyResource,
  readEnvironment,
  synthesize,
} from './support/synthesize.ts';

const functionNames = [
  ...new Set(routes.map((route) => route.function)),
  'refresh-sweep',
  'refresh-credential',
  'publish-events',
];

let template: Template;
beforeAll(() => {
  template = synthesize();
});

const logGroups = (of: Template) => findResources(of, 'AWS::Logs::LogGroup').map(([, resource]) => resource.Properties);

describe('the functions', () => {
  it('are those of the route table, the sweep, the refresh and the publisher', () => {
    for (const name of functionNames) expect(functionResource(template, name)).toBeDefined();
    template.resourceCountIs('AWS::Lambda::Function', functionNames.length);
  });

  it.each(functionNames)('%s runs on Node 24 and arm64, times out before its caller, and logs JSON', (name) => {
    const [, { Properties }] = functionResource(template, name);
    expect(Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Timeout: (name === 'refresh-sweep' ? SWEEP_FUNCTION_MILLISECONDS : FUNCTION_MILLISECONDS) / 1000,
      MemorySize: 512,
      Handler: 'index.handler',
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: expect.any(String) } },
    });
    expect(Properties.ReservedConcurrentExecutions).toBeUndefined();
    expect(Properties.TracingConfig).toBeUndefined();
  });

  it('have the memory given in context', () => {
    const [, { Properties }] = functionResource(synthesize({ memoryMegabytes: 1024 }), 'user-api');
    expect(Properties.MemorySize).toBe(1024);
  });

  it('and the API each have a log group with the same retention', () => {
    expect(logGroups(template)).toHaveLength(functionNames.length + 1);
    expect([...new Set(logGroups(template).map((group) => group.RetentionInDays))]).toEqual([30]);
    const year = logGroups(synthesize({ logRetentionDays: 365 }));
    expect([...new Set(year.map((group) => group.RetentionInDays))]).toEqual([365]);
  });
});

const SWEEPING = [
  ...['KMS_KEY_ID', 'METRICS_NAMESPACE', 'OAUTH_CLIENTS_SECRET', 'PUBLIC_BASE_URL', 'SYSTEM_KEYS_SECRET', 'TABLE_NAME'],
];

describe('the environment of a function', () => {
  it.each([
    ['user-api', ['KMS_KEY_ID', 'PUBLIC_BASE_URL', 'TABLE_NAME', 'USER_LOG_KEY']],
    ['start-api', ['KMS_KEY_ID', 'OAUTH_CLIENTS_SECRET', 'PUBLIC_BASE_URL', 'TABLE_NAME', 'USER_LOG_KEY']],
    ['link-start-api', ['KMS_KEY_ID', 'OAUTH_CLIENTS_SECRET', 'PUBLIC_BASE_URL', 'TABLE_NAME', 'USER_LOG_KEY']],
    ['runtime-start-api', ['KMS_KEY_ID', 'OAUTH_CLIENTS_SECRET', 'PUBLIC_BASE_URL', 'TABLE_NAME', 'USER_LOG_KEY']],
    [
      'connect-api',
      ['KMS_KEY_ID', 'METRICS_NAMESPACE', 'OAUTH_CLIENTS_SECRET', 'PUBLIC_BASE_URL', 'TABLE_NAME', 'USER_LOG_KEY'],
    ],
    ['link-api', ['KMS_KEY_ID', 'PUBLIC_BASE_URL', 'TABLE_NAME', 'USER_LOG_KEY']],
    [
      'link-connect-api',
      ['KMS_KEY_ID', 'METRICS_NAMESPACE', 'OAUTH_CLIENTS_SECRET', 'PUBLIC_BASE_URL', 'TABLE_NAME', 'USER_LOG_KEY'],
    ],
    ['oauth-callback', ['PUBLIC_BASE_URL', 'TABLE_NAME', 'USER_LOG_KEY']],
    ['runtime-api', [...SWEEPING, 'REFRESH_INVOKE_URL', 'USER_LOG_KEY'].toSorted()],
    [
      'moving-api',
      ['KMS_KEY_ID', 'METRICS_NAMESPACE', 'OAUTH_CLIENTS_SECRET', 'PUBLIC_BASE_URL', 'TABLE_NAME', 'USER_LOG_KEY'],
    ],
    ['refresh-sweep', SWEEPING],
    [
      'refresh-credential',
      ['KMS_KEY_ID', 'METRICS_NAMESPACE', 'OAUTH_CLIENTS_SECRET', 'PUBLIC_BASE_URL', 'TABLE_NAME'],
    ],
    ['health', []],
    ['connect-page', []],
    ['client-metadata', ['PUBLIC_BASE_URL']],
    ['publish-events', ['EVENT_BUS_NAME', 'PUBLIC_BASE_URL', 'TABLE_NAME']],
  ])('of %s names the resources it may use and no others', (name, variables) => {
    expect(Object.keys(readEnvironment(template, name)).sort()).toEqual(variables);
  });

  it('names the metrics after the stack, and refers to the key of the log without containing it', () => {
    const environment = readEnvironment(synthesize({ stackName: 'Vault' }), 'runtime-api');
    expect(environment.METRICS_NAMESPACE).toBe('Keyhold/Vault');
    expect(JSON.stringify(environment.USER_LOG_KEY)).toMatch(/\{\{resolve:secretsmanager:.*:SecretString:::\}\}/);
  });

  it('has the address of the API unless context gives another', () => {
    const [[apiId] = []] = findResources(template, 'AWS::ApiGatewayV2::Api');
    expect(readEnvironment(template, 'user-api').PUBLIC_BASE_URL).toEqual({ 'Fn::GetAtt': [apiId, 'ApiEndpoint'] });
    const named = synthesize({ PUBLIC_BASE_URL: 'https://keys.example.com' });
    expect(readEnvironment(named, 'user-api').PUBLIC_BASE_URL).toBe('https://keys.example.com');
  });
});

describe('the schedule', () => {
  it.each<[Context, string]>([
    [{}, 'rate(5 minutes)'],
    [{ SWEEP_SECONDS: 1 }, 'rate(1 minute)'],
    [{ SWEEP_SECONDS: 60 }, 'rate(1 minute)'],
    [{ SWEEP_SECONDS: 61 }, 'rate(2 minutes)'],
    [{ SWEEP_SECONDS: 750 }, 'rate(13 minutes)'],
  ])('given %j runs the sweep at %s: rounded up to whole minutes', (context, rate) => {
    const timed = synthesize(context);
    const [sweepId] = functionResource(timed, 'refresh-sweep');
    timed.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: rate,
      State: 'ENABLED',
      Targets: [{ Arn: { 'Fn::GetAtt': [sweepId, 'Arn'] } }],
    });
  });
});

describe('the alarms', () => {
  it('are six, and notify a topic when one is given', () => {
    template.resourceCountIs('AWS::CloudWatch::Alarm', 6);
    const topic = 'arn:aws:sns:eu-west-1:111122223333:on-call';
    const told = findResources(synthesize({ alarmTopicArn: topic }), 'AWS::CloudWatch::Alarm');
    expect(told.map(([, alarm]) => alarm.Properties.AlarmActions)).toEqual(Array(6).fill([topic]));
  });
});

describe('the function that a refresh is handed over to', () => {
  it('has its own name in the URL that runtime-api invokes', () => {
    const [refreshId] = functionResource(template, 'refresh-credential');
    const url = JSON.stringify(readEnvironment(template, 'runtime-api').REFRESH_INVOKE_URL);
    expect(url).toContain(`"/2015-03-31/functions/",{"Ref":"${refreshId}"},"/invocations"`);
    expect(url).toContain('"https://lambda."');
  });

  it('is not repeated by Lambda, waits at most a minute, and raises an alarm when it is dropped', () => {
    const [refreshId] = functionResource(template, 'refresh-credential');
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: refreshId },
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'AsyncEventsDropped',
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: refreshId } }],
      Threshold: 1,
    });
  });
});

describe('the alarm of the sweep', () => {
  it.each<[Context, number, number]>([
    [{}, 900, 600],
    [{ SWEEP_SECONDS: 61 }, 360, 240],
  ])('with %j fires when no sweep has run for %i s, or one is more than %i s late', (context, period, lag) => {
    synthesize(context).hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'SweepLag',
      Namespace: 'Keyhold/Keyhold',
      Dimensions: [{ Name: 'service', Value: 'refresh-sweep' }],
      Statistic: 'Maximum',
      Period: period,
      Threshold: lag,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'breaching',
    });
  });
});

describe('alarms without a topic', () => {
  const warnings = (context: Context) =>
    Annotations.fromStack(getStack(makeApp(context))).findWarning('*', Match.anyValue());

  it('cause a warning at synthesis that nobody is notified', () => {
    expect(
      warnings({})
        .map(({ entry }) => String(entry.data))
        .join(),
    ).toContain('no one is told');
    const topic = { alarmTopicArn: 'arn:aws:sns:eu-west-1:111122223333:on-call' };
    // Reserved, so that nothing warns of shared executions either.
    expect(warnings({ ...topic, runtimeApiConcurrency: 1 })).toEqual([]);
  });
});

describe('the policy for workers', () => {
  it('allows routes of the runtime plane by name, none that writes, and no wildcard stage or API', () => {
    const { PolicyDocument } = onlyResource(template, 'AWS::IAM::ManagedPolicy').Properties;
    const paths = [...JSON.stringify(PolicyDocument).matchAll(/\/\$default\/([^"]+)/g)].map(([, path = '']) => path);
    expect(paths).toContain('POST/v1/users/*/resolve');
    expect(paths.filter((path) => /\/(?:export|import)$/.test(path))).toEqual([]);
    expect(
      paths.filter((path) => !/^(?:GET\/v1\/(?:users|system)\/|POST\/v1\/users\/.*\/(?:resolve|refresh)$)/.test(path)),
    ).toEqual([]);
  });
});

describe('the outputs', () => {
  it('name what an operator needs after deploying', () => {
    expect(Object.keys(template.findOutputs('*')).sort()).toEqual([
      'ApiId',
      'ApiUrl',
      'CallbackUrl',
      'EventBusName',
      'OAuthClientsSecretArn',
      'SealingKeyArn',
      'SystemKeysSecretArn',
      'TableName',
      'UserLogKeySecretArn',
      'UserPoolClientId',
      'UserPoolId',
      'WorkerPolicyArn',
    ]);
  });
});
