// The two secrets the operator fills in: created empty, kept when the stack is deleted. Their names are
// generated: a kept secret would otherwise block the next stack of the same name. Their value in the template must never
// change, otherwise an update would overwrite the operator's value.
import { RemovalPolicy, SecretValue, Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

/** Both secrets. */
export class OperatorSecrets extends Construct {
  /** The ARN of the secret with the keys of the operator. */
  readonly systemKeys: string;
  /** The ARN of the secret with the OAuth clients. */
  readonly oauthClients: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.systemKeys = this.secret(
      'SystemKeys',
      'Keys of the operator that every user may use: {"openai_api_key": "..."}',
    );
    this.oauthClients = this.secret(
      'OAuthClients',
      'OAuth clients by provider: {"github": {"clientId": "...", "clientSecret": "..."}}',
    );
  }

  private secret(id: string, description: string): string {
    const secret = new Secret(this, id, {
      description,
      secretStringValue: SecretValue.unsafePlainText('{}'),
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'Holds keys and clients that other companies issued to the operator: only there can they be renewed, so no ' +
        'rotation function could exist. A new value is taken up within SECRETS_MAX_AGE_SECONDS.',
    });
    return secret.secretArn;
  }
}
