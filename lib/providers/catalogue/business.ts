// Customers, support, books, payments, shops. Basic is the raw kind, as in `developers.ts`.
import type { ProviderRecord } from '../../domain/oauth/provider-record.ts';

/** One label of a host name. */
const LABEL = '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$';

/** Records by provider name. */
export const businessProviders = {
  front: {
    displayName: 'Front',
    authorizationEndpoint: 'https://app.frontapp.com/oauth/authorize',
    tokenEndpoint: 'https://app.frontapp.com/oauth/token',
    // The company's id: there is none of the teammate.
    identityEndpoint: 'https://api2.frontapp.com/me',
    identityIdPath: 'id',
    identityNamePath: 'name',
    clientAuth: 'client_secret_basic_raw',
    accessTokenLifetimeSeconds: 3600,
  },
  // The dated token endpoint: version 1 ends on 2027-02-16.
  hubspot: {
    displayName: 'HubSpot',
    authorizationEndpoint: 'https://app.hubspot.com/oauth/authorize',
    tokenEndpoint: 'https://api.hubapi.com/oauth/2026-03/token',
    revocationEndpoint: 'https://api.hubapi.com/oauth/2026-03/token/revoke',
    identityEndpoint: 'https://api.hubapi.com/account-info/v3/details',
    identityIdPath: 'portalId',
    accessTokenLifetimeSeconds: 1800,
    rotatesRefreshTokens: false,
  },
  mailchimp: {
    displayName: 'Mailchimp',
    authorizationEndpoint: 'https://login.mailchimp.com/oauth2/authorize',
    tokenEndpoint: 'https://login.mailchimp.com/oauth2/token',
    // The manual shows the scheme OAuth; Bearer is taken too, here and by the API.
    identityEndpoint: 'https://login.mailchimp.com/oauth2/metadata',
    identityIdPath: 'user_id',
    identityNamePath: 'accountname',
    // The reply says 0 and means never.
    accessTokenLifetimeSeconds: null,
  },
  pipedrive: {
    displayName: 'Pipedrive',
    authorizationEndpoint: 'https://oauth.pipedrive.com/oauth/authorize',
    tokenEndpoint: 'https://oauth.pipedrive.com/oauth/token',
    revocationEndpoint: 'https://oauth.pipedrive.com/oauth/revoke',
    identityEndpoint: 'https://api.pipedrive.com/v1/users/me',
    identityIdPath: 'data.id',
    identityNamePath: 'data.name',
    clientAuth: 'client_secret_basic_raw',
  },
  quickbooks: {
    displayName: 'QuickBooks Online',
    authorizationEndpoint: 'https://appcenter.intuit.com/connect/oauth2',
    tokenEndpoint: 'https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer',
    revocationEndpoint: 'https://developer.api.intuit.com/v2/oauth2/tokens/revoke',
    // No identity: a token is for one company, the userinfo endpoint names the person only, and one person may have several
    // companies, whose tokens must not replace each other.
    issuer: 'https://oauth.platform.intuit.com/op/v1',
    clientAuth: 'client_secret_basic_raw',
    accessTokenLifetimeSeconds: 3600,
    rotatesRefreshTokens: true,
  },
  // An organization that has closed the common address is reached from its page by "Use custom domain".
  salesforce: {
    displayName: 'Salesforce',
    authorizationEndpoint: 'https://{domain}.salesforce.com/services/oauth2/authorize',
    tokenEndpoint: 'https://{domain}.salesforce.com/services/oauth2/token',
    revocationEndpoint: 'https://{domain}.salesforce.com/services/oauth2/revoke',
    identityEndpoint: 'https://{domain}.salesforce.com/services/oauth2/userinfo',
    identityIdPath: 'user_id',
    identityNamePath: 'name',
    refreshTokenScope: 'refresh_token',
    extraAuthorizationParams: { prompt: 'consent' },
    // test is the one of the sandboxes.
    templateVariables: { domain: { pattern: '^(?:login|test)$', default: 'login', oneOf: ['login', 'test'] } },
  },
  shopify: {
    displayName: 'Shopify',
    authorizationEndpoint: 'https://{shop}.myshopify.com/admin/oauth/authorize',
    tokenEndpoint: 'https://{shop}.myshopify.com/admin/oauth/access_token',
    identityEndpoint: 'https://{shop}.myshopify.com/admin/api/2026-07/graphql.json',
    identityMethod: 'POST',
    identityQuery: '{ shop { id name } }',
    identityIdPath: 'data.shop.id',
    identityNamePath: 'data.shop.name',
    scopeSeparator: ',',
    // Public apps must ask for tokens that expire.
    extraTokenParams: { expiring: '1' },
    templateVariables: { shop: { pattern: LABEL, example: 'my-shop' } },
    rotatesRefreshTokens: true,
    apiKeyHeader: { name: 'x-shopify-access-token', prefix: '' },
    tokenHeader: { name: 'x-shopify-access-token', prefix: '' },
  },
  square: {
    displayName: 'Square',
    authorizationEndpoint: 'https://connect.squareup.com/oauth2/authorize',
    tokenEndpoint: 'https://connect.squareup.com/oauth2/token',
    // Ends all tokens that the merchant gave this application.
    revocationEndpoint: 'https://connect.squareup.com/oauth2/revoke',
    revocationStyle: 'json_client_header',
    identityEndpoint: 'https://connect.squareup.com/v2/merchants/me',
    identityIdPath: 'merchant.id',
    identityNamePath: 'merchant.business_name',
    // Harm: PKCE and the client's secret are two flows there, and the one takes no refresh token of the other.
    sendPkce: false,
    extraAuthorizationParams: { session: 'false' },
    tokenRequestFormat: 'json',
    // The reply has a date, expires_at, in place of expires_in.
    accessTokenLifetimeSeconds: 2_592_000,
    rotatesRefreshTokens: false,
  },
  stripe: {
    displayName: 'Stripe Connect',
    authorizationEndpoint: 'https://connect.stripe.com/oauth/authorize',
    tokenEndpoint: 'https://connect.stripe.com/oauth/token',
    // No revocation: it takes the account's id, not the token.
    identityEndpoint: 'https://api.stripe.com/v1/account',
    identityIdPath: 'id',
    identityNamePath: 'business_profile.name',
    accessTokenLifetimeSeconds: null,
  },
  xero: {
    displayName: 'Xero',
    authorizationEndpoint: 'https://login.xero.com/identity/connect/authorize',
    tokenEndpoint: 'https://identity.xero.com/connect/token',
    revocationEndpoint: 'https://identity.xero.com/connect/revocation',
    // Needs the scope openid.
    identityEndpoint: 'https://identity.xero.com/connect/userinfo',
    identityIdPath: 'sub',
    identityNamePath: 'name',
    issuer: 'https://identity.xero.com',
    clientAuth: 'client_secret_basic_raw',
    refreshTokenScope: 'offline_access',
    accessTokenLifetimeSeconds: 1800,
    rotatesRefreshTokens: true,
  },
  zendesk: {
    displayName: 'Zendesk',
    authorizationEndpoint: 'https://{subdomain}.zendesk.com/oauth/authorizations/new',
    tokenEndpoint: 'https://{subdomain}.zendesk.com/oauth/tokens',
    revocationEndpoint: 'https://{subdomain}.zendesk.com/api/v2/oauth/tokens/current.json',
    revocationStyle: 'delete_bearer',
    identityEndpoint: 'https://{subdomain}.zendesk.com/api/v2/users/me.json',
    identityIdPath: 'user.id',
    identityNamePath: 'user.name',
    templateVariables: { subdomain: { pattern: LABEL, example: 'acme' } },
    // No lifetime: older clients have tokens that do not expire, and the others' replies say when.
    rotatesRefreshTokens: true,
  },
  zoho: {
    displayName: 'Zoho',
    authorizationEndpoint: 'https://accounts.{domain}/oauth/v2/auth',
    tokenEndpoint: 'https://accounts.{domain}/oauth/v2/token',
    revocationEndpoint: 'https://accounts.{domain}/oauth/v2/token/revoke',
    // Needs the scope AaaServer.profile.READ.
    identityEndpoint: 'https://accounts.{domain}/oauth/user/info',
    identityIdPath: 'ZUID',
    identityNamePath: 'Display_Name',
    scopeSeparator: ',',
    extraAuthorizationParams: { access_type: 'offline', prompt: 'consent' },
    replyQuirk: 'zohoSeconds',
    // Where the user's data is kept. Each is a whole name, and all are Zoho's.
    templateVariables: {
      domain: {
        pattern: '^(?:zoho\\.(?:com|eu|in|com\\.au|jp|sa|uk)|zohocloud\\.ca)$',
        default: 'zoho.com',
        oneOf: ['zoho.com', 'zoho.eu', 'zoho.in', 'zoho.com.au', 'zoho.jp', 'zoho.sa', 'zoho.uk', 'zohocloud.ca'],
      },
    },
    accessTokenLifetimeSeconds: 3600,
    apiKeyHeader: { name: 'authorization', prefix: 'Zoho-oauthtoken ' },
    tokenHeader: { name: 'authorization', prefix: 'Zoho-oauthtoken ' },
  },
} satisfies Record<string, ProviderRecord>;
