// Whose tokens the user plane takes: those of the identity provider given, else of a user pool of the stack's own.
import { describe, expect, it } from 'vitest';
import { makeApp, onlyResource, resourcesOf, synthesize } from './support/synthesize.ts';

const ISSUER = 'https://login.example.com/';

describe('with an identity provider of the application', () => {
  const template = synthesize({ jwtIssuer: ISSUER, jwtAudience: 'keyhold,other' });

  it('takes its tokens', () => {
    expect(onlyResource(template, 'AWS::ApiGatewayV2::Authorizer').Properties).toMatchObject({
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: ISSUER, Audience: ['keyhold', 'other'] },
    });
  });

  it('makes no user pool and gives none out', () => {
    template.resourceCountIs('AWS::Cognito::UserPool', 0);
    expect(Object.keys(template.findOutputs('*')).filter((name) => name.startsWith('UserPool'))).toEqual([]);
  });
});

describe('without one', () => {
  const template = synthesize();

  it('takes the tokens of its own user pool, made for its own client', () => {
    const [[poolId] = []] = resourcesOf(template, 'AWS::Cognito::UserPool');
    const [[clientId] = []] = resourcesOf(template, 'AWS::Cognito::UserPoolClient');
    expect(onlyResource(template, 'AWS::ApiGatewayV2::Authorizer').Properties.JwtConfiguration).toEqual({
      Issuer: { 'Fn::GetAtt': [poolId, 'ProviderURL'] },
      Audience: [{ Ref: clientId }],
    });
  });

  it('lets nobody sign up by themselves unless asked', () => {
    const asked = synthesize({ selfSignUp: true });
    const closed = (of: typeof template) => onlyResource(of, 'AWS::Cognito::UserPool').Properties.AdminCreateUserConfig;
    expect(closed(template)).toEqual({ AllowAdminCreateUserOnly: true });
    expect(closed(asked)).toEqual({ AllowAdminCreateUserOnly: false });
  });

  it('asks for a long password and a second factor, and keeps the pool from being deleted', () => {
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
});

describe('half an identity provider', () => {
  it.each([
    [{ jwtIssuer: ISSUER }, 'jwtAudience'],
    [{ jwtAudience: 'keyhold' }, 'jwtIssuer'],
    [{ jwtIssuer: 'http://login.example.com', jwtAudience: 'keyhold' }, 'jwtIssuer'],
    [{ jwtIssuer: ISSUER, jwtAudience: 'keyhold, other' }, 'jwtAudience'],
    [{ jwtIssuer: ISSUER, jwtAudience: '' }, 'jwtAudience'],
  ])('is refused: %j', (context, name) => {
    expect(() => makeApp(context)).toThrow(name);
  });
});
