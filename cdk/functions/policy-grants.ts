// What each capability of the route table means in IAM, and nothing else. Every statement names its actions and one
// resource; the rows it reaches are bound by their partition key, the data keys by their encryption context.
import { type Conditions, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Capability } from '../../lib/http/routes/route.ts';

/** ARNs of what a grant may name. */
export interface GrantTargets {
  table: string;
  dueIndex: string;
  sealingKey: string;
  systemKeys: string;
  oauthClients: string;
  stream: string;
  /** What a list of the table's streams is asked of. */
  streams: string;
  undeliveredRecords: string;
  eventBus: string;
}

interface Grant {
  on: keyof GrantTargets;
  actions: string[];
  conditions?: Conditions;
}

/** ForAllValues also holds when a request names no key at all; Null says that it must name one. */
const rows = (partitionKeys: string, ...actions: string[]): Grant => ({
  on: 'table',
  actions: actions.map((action) => `dynamodb:${action}`),
  conditions: {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [partitionKeys] },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  },
});

const ofUsers = (...actions: string[]): Grant => rows('USER#*', ...actions);
const ofStates = (...actions: string[]): Grant => rows('STATE#*', ...actions);
const ofConfiguration = (...actions: string[]): Grant => rows('CONFIG', ...actions);

/** Exactly the three parts of a seal's encryption context: each must be there (Null), and no other (ForAllValues). */
const dataKey = (action: string): Grant => ({
  on: 'sealingKey',
  actions: [`kms:${action}`],
  conditions: {
    StringEquals: { 'kms:EncryptionContext:purpose': ['credential', 'managed'] },
    Null: { 'kms:EncryptionContext:user': 'false', 'kms:EncryptionContext:credentialId': 'false' },
    'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['user', 'credentialId', 'purpose'] },
  },
});

const GRANTS: Readonly<Record<Capability, readonly Grant[]>> = {
  read_user: [ofUsers('GetItem', 'Query')],
  write_user: [ofUsers('PutItem', 'UpdateItem', 'DeleteItem')],
  erase_user: [ofUsers('Query', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem')],
  refresh_credential: [ofUsers('PutItem', 'UpdateItem')],
  // The keys of an index are not those that LeadingKeys of the table bind; it holds nothing else.
  read_due: [{ on: 'dueIndex', actions: ['dynamodb:Query'] }],
  open_state: [ofUsers('UpdateItem', 'ConditionCheckItem'), ofStates('PutItem')],
  consume_state: [ofStates('GetItem', 'UpdateItem'), ofUsers('UpdateItem')],
  park_code: [ofStates('GetItem', 'UpdateItem')],
  read_configuration: [ofConfiguration('GetItem')],
  write_configuration: [ofConfiguration('PutItem')],
  seal_secret: [dataKey('GenerateDataKey')],
  open_secret: [dataKey('Decrypt')],
  read_system_keys: [{ on: 'systemKeys', actions: ['secretsmanager:GetSecretValue'] }],
  read_oauth_clients: [{ on: 'oauthClients', actions: ['secretsmanager:GetSecretValue'] }],
  // What Lambda asks of a function's role before it reads a stream for it, and where it leaves what it gives up.
  read_stream: [
    { on: 'stream', actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'] },
    { on: 'streams', actions: ['dynamodb:ListStreams'] },
  ],
  write_dead_letters: [{ on: 'undeliveredRecords', actions: ['sqs:SendMessage'] }],
  publish_events: [{ on: 'eventBus', actions: ['events:PutEvents'] }],
};

const statement = ({ on, actions, conditions }: Grant, targets: GrantTargets): PolicyStatement =>
  new PolicyStatement({ actions, resources: [targets[on]], ...(conditions && { conditions }) });

/** Whatever the capabilities need together, each action once. */
export const policyFor = (capabilities: readonly Capability[], targets: GrantTargets): PolicyDocument =>
  new PolicyDocument({
    minimize: true,
    statements: capabilities.flatMap((capability) => GRANTS[capability].map((grant) => statement(grant, targets))),
  });
