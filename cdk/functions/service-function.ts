// One Lambda function with its own role and log group. The role cannot be extended by CDK's grant helpers: it has the permissions
// of its capabilities and of its log, and no others.
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { bundledCode } from './bundled-code.ts';

/** The settings of one Lambda function. */
export interface ServiceFunctionProps {
  /** The name of its file in `functions/`. */
  name: string;
  /** Its time limit. */
  milliseconds: number;
  policy: PolicyDocument;
  environment: Record<string, string>;
  memoryMegabytes: number;
  logRetentionDays: number;
  /** Executions that only this function may have, and its most; undefined: it shares those of the account. */
  reservedConcurrency: number | undefined;
}

/** A function of the service. */
export class ServiceFunction extends Construct {
  readonly lambda: LambdaFunction;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetentionDays,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.lambda = new LambdaFunction(this, 'Function', {
      code: bundledCode(props.name),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMegabytes,
      timeout: Duration.millis(props.milliseconds),
      role: this.role(props.policy, logGroup.logGroupArn).withoutPolicyUpdates(),
      environment: props.environment,
      ...(props.reservedConcurrency !== undefined && { reservedConcurrentExecutions: props.reservedConcurrency }),
      logGroup,
      loggingFormat: LoggingFormat.JSON,
    });
  }

  private role(capabilities: PolicyDocument, logGroupArn: string): Role {
    const writeLog = new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroupArn],
    });
    const inlinePolicies = { WriteLog: new PolicyDocument({ statements: [writeLog] }) };
    return new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: capabilities.isEmpty ? inlinePolicies : { ...inlinePolicies, Capabilities: capabilities },
    });
  }
}
