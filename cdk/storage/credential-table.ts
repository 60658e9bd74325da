// The table. It outlives the stack, can be restored to any second of the last 35 days, and uses DynamoDB's own key: under the
// sealing key every reader of the table would need Decrypt.
import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  type ITable,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { DUE_INDEX, LOOKUP_INDEX, SUMMARY_ATTRIBUTES, URL_LOOKUP_INDEX } from '../../lib/platform.ts';
import type { RestoredTable } from '../settings/deploy-options.ts';

/** The table with its stream and its indexes. */
export class CredentialTable extends Construct {
  readonly tableArn: string;
  readonly tableName: string;
  /** The ARN of the sweep's index. */
  readonly dueIndexArn: string;
  /** The ARN of the local index of a user's credentials. */
  readonly lookupIndexArn: string;
  /** The ARN of the local index of the credentials found by URL. */
  readonly urlLookupIndexArn: string;
  readonly streamArn: string;

  /** Creates the table; with `restored`, uses that one, and an own table from before is kept but no longer used. */
  constructor(scope: Construct, id: string, props: { restored: RestoredTable | undefined }) {
    super(scope, id);
    const table = props.restored ? Table.fromTableAttributes(this, 'Restored', props.restored) : this.create();
    this.dueIndexArn = `${table.tableArn}/index/${DUE_INDEX}`;
    this.lookupIndexArn = `${table.tableArn}/index/${LOOKUP_INDEX}`;
    this.urlLookupIndexArn = `${table.tableArn}/index/${URL_LOOKUP_INDEX}`;
    this.tableArn = table.tableArn;
    this.tableName = table.tableName;
    this.streamArn = getStreamArn(table);
  }

  private create(): Table {
    const table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'ttl',
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      encryption: TableEncryption.DEFAULT,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      // Not RETAIN_ON_UPDATE_OR_DELETE: that deletes the table of a failed first deployment, which deletion protection refuses,
      // and the rollback would fail. Its name is generated, so a table left behind blocks nothing.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    table.addGlobalSecondaryIndex({
      indexName: DUE_INDEX,
      partitionKey: { name: 'dueShard', type: AttributeType.STRING },
      sortKey: { name: 'dueAt', type: AttributeType.NUMBER },
      // Sparse and keys only: it holds the ids of credentials due for renewal, and nothing else.
      projectionType: ProjectionType.KEYS_ONLY,
    });
    // Local, for strongly consistent reads. A table gets local indexes when it is created and never later.
    for (const indexName of [LOOKUP_INDEX, URL_LOOKUP_INDEX]) {
      table.addLocalSecondaryIndex({
        indexName,
        sortKey: { name: indexName, type: AttributeType.STRING },
        projectionType: ProjectionType.INCLUDE,
        nonKeyAttributes: [...SUMMARY_ATTRIBUTES],
      });
    }
    return table;
  }
}

const getStreamArn = ({ tableStreamArn }: ITable): string => {
  if (tableStreamArn === undefined) throw new Error('the table has no stream');
  return tableStreamArn;
};
