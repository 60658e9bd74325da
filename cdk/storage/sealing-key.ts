// The customer key whose data keys seal credentials, and nothing else. Multi-region from the start, because that cannot be
// changed later. Without it no credential can be opened, so it outlives the stack. The alias does
// not: the next stack of that name takes it.
import { RemovalPolicy } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

/** The sealing key. */
export class SealingKey extends Construct {
  readonly keyArn: string;

  /**
   * Uses CDK's default key policy, which delegates to IAM: a function's rights on the key are only in its role, and the account
   * cannot lock itself out. With `keyArn`, uses the key that a deleted stack left behind.
   */
  constructor(scope: Construct, id: string, props: { alias: string; keyArn: string | undefined }) {
    super(scope, id);
    this.keyArn = props.keyArn ?? this.create(props.alias);
  }

  private create(alias: string): string {
    const key = new Key(this, 'Key', {
      alias,
      description: 'Wraps the data keys that seal credentials',
      multiRegion: true,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    return key.keyArn;
  }
}
