// The IAM permissions of each capability of the route table. Every statement names its actions and one resource; rows are limited
// by partition key (dynamodb:LeadingKeys), data keys by encryption context.
import { type Conditions, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Capability } from '../../lib/http/routes/route.ts';

/** The ARNs that policy grants refer to. */
export interface PolicyTargets {
  table: string;
  dueIndex: string;
  lookupIndex: string;
  urlLookupIndex: string;
  sealingKey: string;
  systemKeys: string;
  oauthClients: string;
  stream: string;
  /** The resource of ListStreams. */
  streams: string;
  deadLetterQueue: string;
  eventBus: string;
  /** undefined while it is itself being made. */
  refreshFunction: string | undefined;
}

/** One IAM statement of a capability. */
interface PolicyGrant {
  on: keyof PolicyTargets;
  actions: string[];
  conditions?: Conditions;
}

/** ForAllValues is also true for a request without a key; Null requires one. */
const inPartitions = (partitionKeys: string): Conditions => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [partitionKeys] },
  Null: { 'dynamodb:LeadingKeys': 'false' },
});

const rows = (partitionKeys: string, ...actions: string[]): PolicyGrant => ({
  on: 'table',
  actions: actions.map((action) => `dynamodb:${action}`),
  conditions: inPartitions(partitionKeys),
});

/** A local index has the partition key of the table, so the condition on it holds there too. */
const queryOfUser = (on: 'lookupIndex' | 'urlLookupIndex'): PolicyGrant => ({
  on,
  actions: ['dynamodb:Query'],
  conditions: inPartitions('USER#*'),
});

const userRows = (...actions: string[]): PolicyGrant => rows('USER#*', ...actions);
const stateRows = (...actions: string[]): PolicyGrant => rows('STATE#*', ...actions);
const linkRows = (...actions: string[]): PolicyGrant => rows('LINK#*', ...actions);
const issuerRows = (...actions: string[]): PolicyGrant => rows('ISSUER#*', ...actions);
/** Keys and attributes that the request may name. `ReturnValues`: without it an update could answer the others. */
const issuerUpdate = (attribute: string): PolicyGrant => ({
  on: 'table',
  actions: ['dynamodb:UpdateItem'],
  conditions: {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['ISSUER#*'] },
    'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['pk', 'sk', 'clientId', attribute] },
    Null: { 'dynamodb:LeadingKeys': 'false', 'dynamodb:Attributes': 'false' },
    StringEqualsIfExists: { 'dynamodb:ReturnValues': ['NONE', 'UPDATED_OLD', 'UPDATED_NEW'] },
  },
});
const configurationRow = (...actions: string[]): PolicyGrant => rows('CONFIG', ...actions);

/** Exactly the three keys of a seal's encryption context: each is required (Null), others are denied (ForAllValues). */
const dataKey = (action: 'GenerateDataKey' | 'Decrypt', purpose: 'credential' | 'managed'): PolicyGrant => ({
  on: 'sealingKey',
  actions: [`kms:${action}`],
  conditions: {
    StringEquals: { 'kms:EncryptionContext:purpose': purpose },
    Null: { 'kms:EncryptionContext:user': 'false', 'kms:EncryptionContext:credentialId': 'false' },
    'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['user', 'credentialId', 'purpose'] },
  },
});

/** As `dataKey`, of the secret of a registered client or of metadata that was read, whose encryption context has two keys. */
const issuerDataKey = (
  action: 'GenerateDataKey' | 'Decrypt',
  purpose: 'issuer_client' | 'issuer_metadata',
): PolicyGrant => ({
  on: 'sealingKey',
  actions: [`kms:${action}`],
  conditions: {
    StringEquals: { 'kms:EncryptionContext:purpose': purpose },
    Null: { 'kms:EncryptionContext:issuer': 'false' },
    'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['issuer', 'purpose'] },
  },
});

const POLICY_GRANTS: Readonly<Record<Capability, readonly PolicyGrant[]>> = {
  read_credential: [userRows('GetItem')],
  read_user: [userRows('GetItem'), queryOfUser('lookupIndex')],
  find_by_url: [queryOfUser('urlLookupIndex')],
  read_whole_user: [userRows('Query')],
  write_user: [userRows('PutItem', 'UpdateItem')],
  delete_credential: [userRows('DeleteItem')],
  erase_user: [
    userRows('Query', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'),
    stateRows('DeleteItem'),
    linkRows('DeleteItem'),
  ],
  // The first lease of a credential. Later ones replace it, and so does the function that refreshes: its order comes with a mark there.
  create_lease: [userRows('PutItem', 'ConditionCheckItem')],
  // A refresh replaces a data key that is due.
  refresh_credential: [userRows('PutItem', 'UpdateItem'), dataKey('GenerateDataKey', 'credential')],
  invoke_refresh: [{ on: 'refreshFunction', actions: ['lambda:InvokeFunction'] }],
  // LeadingKeys of the table do not apply to a global index; this one holds keys only.
  read_due: [{ on: 'dueIndex', actions: ['dynamodb:Query'] }],
  create_state: [userRows('PutItem', 'UpdateItem', 'ConditionCheckItem'), stateRows('PutItem')],
  consume_state: [stateRows('GetItem', 'UpdateItem'), userRows('UpdateItem')],
  store_pending_code: [stateRows('GetItem', 'UpdateItem')],
  create_link: [userRows('PutItem', 'UpdateItem', 'ConditionCheckItem'), linkRows('PutItem')],
  use_link: [linkRows('GetItem', 'UpdateItem')],
  read_configuration: [configurationRow('GetItem')],
  write_configuration: [configurationRow('PutItem')],
  seal_secret: [dataKey('GenerateDataKey', 'credential')],
  open_secret: [dataKey('Decrypt', 'credential')],
  seal_managed_key: [dataKey('GenerateDataKey', 'managed')],
  open_managed_key: [dataKey('Decrypt', 'managed')],
  // Finding the client at an issuer, and registering one where there is none. A secret that was sealed stays sealed.
  register_client: [issuerRows('GetItem', 'PutItem'), issuerDataKey('GenerateDataKey', 'issuer_client')],
  // Also what the starts have read of the issuer: it says where the client's secret may go.
  read_client: [
    issuerRows('GetItem'),
    issuerDataKey('Decrypt', 'issuer_client'),
    issuerDataKey('Decrypt', 'issuer_metadata'),
  ],
  // One attribute of the present client's row. Nothing that it can write is sent anywhere or opens anything.
  note_refused_client: [issuerUpdate('refusedAt')],
  // One too: the end of a client that no connection was completed with. IAM cannot tell removing it from setting it.
  keep_client: [issuerUpdate('ttl')],
  // What is read is sealed, so that nothing else decides where codes and secrets go. It opens no secret.
  read_servers: [
    issuerRows('GetItem', 'PutItem'),
    issuerDataKey('GenerateDataKey', 'issuer_metadata'),
    issuerDataKey('Decrypt', 'issuer_metadata'),
  ],
  read_system_keys: [{ on: 'systemKeys', actions: ['secretsmanager:GetSecretValue'] }],
  read_oauth_clients: [{ on: 'oauthClients', actions: ['secretsmanager:GetSecretValue'] }],
  // Lambda needs these on the function's role to read the stream, and the next one to write to the dead-letter queue.
  read_stream: [
    { on: 'stream', actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'] },
    { on: 'streams', actions: ['dynamodb:ListStreams'] },
  ],
  write_dead_letters: [{ on: 'deadLetterQueue', actions: ['sqs:SendMessage'] }],
  publish_events: [{ on: 'eventBus', actions: ['events:PutEvents'] }],
};

const toStatement = ({ on, actions, conditions }: PolicyGrant, targets: PolicyTargets): PolicyStatement => {
  const resource = targets[on];
  if (resource === undefined) throw new Error(`there is no ${on} yet`);
  return new PolicyStatement({ actions, resources: [resource], ...(conditions && { conditions }) });
};

/** The policy of a set of capabilities, with merged statements. */
export const policyFor = (capabilities: readonly Capability[], targets: PolicyTargets): PolicyDocument =>
  new PolicyDocument({
    minimize: true,
    statements: capabilities.flatMap((capability) =>
      POLICY_GRANTS[capability].map((grant) => toStatement(grant, targets)),
    ),
  });
