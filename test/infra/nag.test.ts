// The stack against the AWS Solutions rules: no open finding, and every exception still matches a finding.
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { routes } from '../../lib/http/routes/routes.ts';
import { type Context, makeApp } from './support/synthesize.ts';

/** API Gateway authorizes no caller of them: anyone may call, or the function itself finds the link. */
const openRoutes = routes.filter((route) => route.plane === 'public' || route.plane === 'link');
const ACKNOWLEDGED = Validations.ACKNOWLEDGED_RULES_METADATA_KEY;

const findings = (scope: IConstruct): string[] =>
  new AwsSolutionsChecks()
    .validateScope(scope)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    );

const listExceptions = (scope: IConstruct) =>
  scope.node.findAll().flatMap((construct) =>
    construct.node.metadata
      .filter((entry) => entry.type === ACKNOWLEDGED)
      .flatMap((entry) => Object.entries(entry.data as Record<string, string>))
      .map(([rule, reason]) => ({ path: construct.node.path, rule: rule.replace(/^annotation::/i, ''), reason })),
  );

/** What a worker may call, with a wildcard for the user's or the credential's id. */
const WORKER_ROUTES = [
  'GET/v1/users/*/credentials/*',
  'GET/v1/users/*/credentials',
  'GET/v1/users/*/managed-credentials/*',
  'POST/v1/users/*/resolve',
];

/** The rule's id, without names that the synthesis generates. */
const shorten = (rule: string): string =>
  rule.replace(/arn:<AWS::Partition>:execute-api:.*\/\$default\//, '').replace(/<\w+\./, '<');

describe('the AWS Solutions rules', () => {
  it.each<[string, Context]>([
    ['a user pool of its own', {}],
    ['a user pool that anyone may join', { selfSignUp: true }],
    ['an identity provider given', { jwtIssuer: 'https://login.example.com', jwtAudience: 'keyhold' }],
    [
      'a restored table',
      {
        restoredTableName: 'restored',
        restoredStreamArn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/restored/stream/2030-01-01T00:00:00.000',
      },
    ],
    ['browsers of another origin', { ALLOWED_ORIGINS: 'https://app.example.com' }],
  ])('find nothing with %s', (_, context) => {
    expect(findings(makeApp(context))).toEqual([]);
  });

  it('have exactly the known exceptions, each with a reason', () => {
    const exceptions = listExceptions(makeApp());
    expect(exceptions.map(({ path, rule }) => `${shorten(rule)} at ${path}`).sort()).toEqual([
      ...openRoutes.map(({ id }) => `AwsSolutions-APIG4 at Keyhold/Routes/${id}`).sort(),
      'AwsSolutions-COG8 at Keyhold/Users/Pool',
      'AwsSolutions-IAM5[Resource::<Arn>/stream/*] at Keyhold/Functions/PublishEvents',
      ...WORKER_ROUTES.map((route) => `AwsSolutions-IAM5[Resource::${route}] at Keyhold/Workers/Policy`),
      'AwsSolutions-SMG4 at Keyhold/Secrets/OAuthClients',
      'AwsSolutions-SMG4 at Keyhold/Secrets/SystemKeys',
      'AwsSolutions-SMG4 at Keyhold/UserLog/Key',
      'AwsSolutions-SQS3 at Keyhold/Events/Undelivered',
    ]);
    for (const { reason } of exceptions) expect(reason.length).toBeGreaterThan(60);
  });
});
