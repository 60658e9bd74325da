// The two secrets the operator fills in: created empty, kept when the stack is deleted. Their value in the template must never
// change, otherwise an update would overwrite the operator's value.
import { RemovalPolicy, SecretValue, Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

/** A secret of the operator. */
export interface OperatorSecret {
  arn: string;
  name: string;
}

/** Both secrets. */
export class OperatorSecrets extends Construct {
  readonly systemKeys: OperatorSecret;
  readonly oauthClients: OperatorSecret;

  constructor(scope: Construct, id: string, props: { namePrefix: string }) {
    super(scope, id);
    this.systemKeys = this.secret('SystemKeys', {
      name: `${props.namePrefix}/system-keys`,
      description: 'Keys of the operator that every user may use: {"openai_api_key": "..."}',
    });
    this.oauthClients = this.secret('OAuthClients', {
      name: `${props.namePrefix}/oauth-clients`,
      description: 'OAuth clients by provider: {"github": {"clientId": "...", "clientSecret": "..."}}',
    });
  }

  private secret(id: string, { name, description }: { name: string; description: string }): OperatorSecret {
    const secret = new Secret(this, id, {
      secretName: name,
      description,
      secretStringValue: SecretValue.unsafePlainText('{}'),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'Holds keys and clients that other companies issued to the operator: only there can they be renewed, so no ' +
        'rotation function could exist. A new value is taken up within SECRETS_MAX_AGE_SECONDS.',
    });
    return { arn: secret.secretArn, name };
  }
}
