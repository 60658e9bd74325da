// The sources of `business.ts`. Read by `docs/providers.md` and the tests, never at run time.
import { agreement, type OAuthSources } from '../oauth-source.ts';

/** By provider. */
export const businessSources: OAuthSources = {
  front: ['https://dev.frontapp.com/docs/oauth'],
  hubspot: [
    'https://developers.hubspot.com/docs/api-reference/legacy/authentication/oauth-tokens/v1/migration-guide',
    'https://developers.hubspot.com/docs/api-reference/latest/authentication/oauth-tokens/revoke-token',
    'https://developers.hubspot.com/docs/api-reference/auth-oauth-v3/guide',
    'https://developers.hubspot.com/changelog/upcoming-expiration-of-oauth-access-tokens-is-changing',
  ],
  mailchimp: { connect: agreement(8, 8), check: agreement(4, 4) },
  pipedrive: [
    'https://pipedrive.readme.io/docs/marketplace-oauth-authorization',
    'https://developers.pipedrive.com/docs/api/v1/Oauth',
  ],
  quickbooks: [
    'https://developer.intuit.com/app/developer/qbo/docs/develop/authentication-and-authorization/faq',
    'https://github.com/intuit/QuickBooks-V3-Java-SDK/releases/tag/v6.5.4',
  ],
  salesforce: [
    'https://login.salesforce.com/.well-known/openid-configuration',
    'https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_endpoints.htm&type=5',
    'https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_pkce.htm&type=5',
  ],
  shopify: [
    'https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/offline-access-tokens',
    'https://shopify.dev/changelog/offline-access-tokens-now-support-expiry-and-refresh',
    'https://shopify.dev/changelog/more-resilient-refreshes-for-expiring-offline-access-tokens',
  ],
  square: [
    'https://developer.squareup.com/reference/square/o-auth/obtain-token',
    'https://developer.squareup.com/docs/oauth-api/overview',
    'https://developer.squareup.com/docs/oauth-api/refresh-revoke-limit-scope',
  ],
  stripe: { connect: agreement(4, 4), check: agreement(2, 2) },
  xero: ['https://developer.xero.com/faq/oauth2'],
  zendesk: [
    'https://support.zendesk.com/hc/en-us/articles/10212201463962',
    'https://support.zendesk.com/hc/en-us/articles/9182123625370',
    'https://developer.zendesk.com/documentation/api-basics/authentication/refresh-token',
  ],
  zoho: [
    'https://zoho.com/meeting/api-integration/authentication.html',
    'https://www.zoho.com/contracts/api/getting-started/refreshing-access-tokens.html',
  ],
};
