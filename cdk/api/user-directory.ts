// The user pool of a deployment without its own identity provider. Stored credentials are keyed by its `sub`, so it outlives the
// stack. Signing in needs a second factor, because one account gives access to many others.
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccountRecovery, FeaturePlan, Mfa, UserPool, UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';

/** The user pool and its public client. */
export class UserDirectory extends Construct {
  readonly issuer: string;
  readonly userPoolId: string;
  readonly clientId: string;

  constructor(scope: Construct, id: string, props: { selfSignUp: boolean }) {
    super(scope, id);
    const pool = new UserPool(this, 'Pool', {
      selfSignUpEnabled: props.selfSignUp,
      signInAliases: { email: true },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
      },
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      featurePlan: FeaturePlan.ESSENTIALS,
      deletionProtection: true,
      // As for the table: deletion protection would make the rollback of a failed first deployment fail.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(pool).acknowledge({
      id: 'AwsSolutions-COG8',
      reason:
        'The Plus plan charges for every active user, and what it watches for is stolen or guessed passwords, which do ' +
        'not sign in here without the second factor.',
    });
    const client = new UserPoolClient(this, 'Client', {
      userPool: pool,
      authFlows: { userSrp: true },
      disableOAuth: true,
      generateSecret: false,
      preventUserExistenceErrors: true,
      accessTokenValidity: Duration.minutes(30),
      idTokenValidity: Duration.minutes(30),
    });
    this.issuer = pool.userPoolProviderUrl;
    this.userPoolId = pool.userPoolId;
    this.clientId = client.userPoolClientId;
  }
}
