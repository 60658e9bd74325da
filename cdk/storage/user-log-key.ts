// The key that users' ids are hashed with in the log (HMAC). CloudFormation generates it and puts it into the environment of the
// functions, so reading it costs no call and no function needs a right. Kept, so that old logs can still be traced.
import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

/** The key, as a secret without a fixed name: a second deployment of the stack can create its own. */
export class UserLogKey extends Construct {
  /** The ARN of the secret that holds it. */
  readonly secretArn: string;
  /** A dynamic reference: the template does not contain the key. */
  readonly reference: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const secret = new Secret(this, 'Key', {
      description: 'Hashes the ids of users in the log',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'With another key the lines of one user before and after could no longer be found by one hash. It opens nothing: who ' +
        'learns it can only test guesses of user ids against a log that they can already read.',
    });
    this.secretArn = secret.secretArn;
    this.reference = secret.secretValue.unsafeUnwrap();
  }
}
