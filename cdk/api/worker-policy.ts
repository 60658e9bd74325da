// The managed policy for the role of a worker: the runtime routes of users, one by one, and no other route. Its name is generated.
import { Stack, Validations } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { routes } from '../../lib/http/routes/routes.ts';

/** Answers refresh tokens and all of a user at once: for an operator who moves users, never for a worker. */
const isExport = (path: string): boolean => path.endsWith('/export');

/** What a worker needs to serve users: lists, one credential, resolve and refresh; it cannot write, connect, erase or export. */
const isForWorkers = ({ plane, method, path }: { plane: string; method: string; path: string }): boolean =>
  plane === 'runtime' && !isExport(path) && (method === 'GET' || /\/(?:resolve|refresh)$/.test(path));

/** The policy. */
export class WorkerPolicy extends Construct {
  readonly policyArn: string;

  constructor(scope: Construct, id: string, { api }: { api: HttpApi }) {
    super(scope, id);
    const paths = routes.filter(isForWorkers).map(({ method, path }) => `${method}${path.replace(/\{\w+\}/g, '*')}`);
    const resources = paths.map((path) =>
      Stack.of(this).formatArn({ service: 'execute-api', resource: api.apiId, resourceName: `$default/${path}` }),
    );
    const policy = new ManagedPolicy(this, 'Policy', {
      description: 'Lets a worker read and resolve the credentials of users',
      statements: [new PolicyStatement({ actions: ['execute-api:Invoke'], resources })],
    });
    const { Ref: apiId } = Stack.of(this).resolve(api.apiId) as { Ref: string };
    const prefix = `arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<${apiId}>/$default/`;
    for (const path of paths.filter((one) => one.includes('*')))
      Validations.of(policy).acknowledge({
        id: `AwsSolutions-IAM5[Resource::${prefix}${path}]`,
        reason:
          'The wildcard stands for the id of a user or of a credential: a worker serves every user of its deployment.',
      });
    this.policyArn = policy.managedPolicyArn;
  }
}
