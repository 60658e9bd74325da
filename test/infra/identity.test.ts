// The tokens the user plane accepts: of the configured identity provider, otherwise of the stack's own user pool.
import { describe, expect, it } from 'vitest';
import { readDeployOptions } from '../../cdk/settings/deploy-options.ts';
import { findResources, makeApp, onlyResource, synthesize } from './support/synthesize.ts';

const ISSUER = 'https://login.example.com/';

describe('with an identity provider of the application', () => {
  const template = synthesize({ jwtIssuer: ISSUER, jwtAudience: 'keyhold,other' });

  it('accepts its tokens', () => {
    expect(onlyResource(template, 'AWS::ApiGatewayV2::Authorizer').Properties).toMatchObject({
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: ISSUER, Audience: ['keyhold', 'other'] },
    });
  });

  it('creates no user pool and outputs none', () => {
    template.resourceCountIs('AWS::Cognito::UserPool', 0);
    expect(Object.keys(template.findOutputs('*')).filter((name) => name.startsWith('UserPool'))).toEqual([]);
  });
});

describe('without an identity provider', () => {
  const template = synthesize();

  it('accepts tokens of its own user pool for its own client', () => {
    const [[poolId] = []] = findResources(template, 'AWS::Cognito::UserPool');
    const [[clientId] = []] = findResources(template, 'AWS::Cognito::UserPoolClient');
    expect(onlyResource(template, 'AWS::ApiGatewayV2::Authorizer').Properties.JwtConfiguration).toEqual({
      Issuer: { 'Fn::GetAtt': [poolId, 'ProviderURL'] },
      Audience: [{ Ref: clientId }],
    });
  });

  it('disables sign-up unless it is enabled', () => {
    const asked = synthesize({ selfSignUp: true });
    const closed = (of: typeof template) => onlyResource(of, 'AWS::Cognito::UserPool').Properties.AdminCreateUserConfig;
    expect(closed(template)).toEqual({ AllowAdminCreateUserOnly: true });
    expect(closed(asked)).toEqual({ AllowAdminCreateUserOnly: false });
  });

  it('requires a long password and a second factor, and protects the pool from deletion', () => {
    expect(onlyResource(template, 'AWS::Cognito::UserPool').Properties).toMatchObject({
      MfaConfiguration: 'ON',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
      DeletionProtection: 'ACTIVE',
      Policies: {
        PasswordPolicy: {
          MinimumLength: 12,
          RequireLowercase: true,
          RequireUppercase: true,
          RequireNumbers: true,
          RequireSymbols: true,
        },
      },
    });
  });

  it('has a public client that never sends a password', () => {
    expect(onlyResource(template, 'AWS::Cognito::UserPoolClient').Properties).toMatchObject({
      GenerateSecret: false,
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      PreventUserExistenceErrors: 'ENABLED',
      AllowedOAuthFlowsUserPoolClient: false,
    });
  });

  it('issues access and id tokens for thirty minutes', () => {
    expect(onlyResource(template, 'AWS::Cognito::UserPoolClient').Properties).toMatchObject({
      AccessTokenValidity: 30,
      IdTokenValidity: 30,
      TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes' },
    });
  });
});

describe('an incomplete identity provider', () => {
  it('is refused when nothing is named: an update never swaps the authorizer silently', () => {
    expect(() => readDeployOptions({})).toThrow('context identity must be cognito, or jwtIssuer and jwtAudience');
  });

  it.each([
    [{ identity: 'cognito', jwtIssuer: ISSUER, jwtAudience: 'keyhold' }, 'identity'],
    [{ identity: 'Cognito' }, 'identity'],
    [{ jwtIssuer: ISSUER }, 'jwtAudience'],
    [{ jwtAudience: 'keyhold' }, 'jwtIssuer'],
    [{ jwtIssuer: 'http://login.example.com', jwtAudience: 'keyhold' }, 'jwtIssuer'],
    [{ jwtIssuer: ISSUER, jwtAudience: 'keyhold, other' }, 'jwtAudience'],
    [{ jwtIssuer: ISSUER, jwtAudience: '' }, 'jwtAudience'],
  ])('is refused: %j', (context, name) => {
    expect(() => makeApp(context)).toThrow(name);
  });
});
