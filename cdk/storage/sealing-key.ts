// The customer key whose data keys seal credentials, and nothing else. Multi-region from the start, because that cannot
// be changed later. Without it every credential is lost, so it outlives the stack.
import { RemovalPolicy } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

export class SealingKey extends Construct {
  readonly keyArn: string;

  /**
   * The key's policy is CDK's default: the account, hence its IAM policies, decides. So what a function may do with the
   * key stands in its role alone, and the key can never be locked away from everyone.
   */
  constructor(scope: Construct, id: string, props: { alias: string }) {
    super(scope, id);
    const key = new Key(this, 'Key', {
      alias: props.alias,
      description: 'Wraps the data keys that seal credentials',
      multiRegion: true,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.keyArn = key.keyArn;
  }
}
