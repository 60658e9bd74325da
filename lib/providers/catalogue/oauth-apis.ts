// What calls of the catalogue's providers need besides the token: where the API is, and what comes with a grant. Each entry names the
// vendor's page or pages that say so; most base URLs also stand in https://github.com/NangoHQ/nango (providers.yaml). A base URL has no
// version where one stands in every path. Hosts are listed where the API has others, a wildcard only where the vendor answers at every name.
import type { ProviderRecord } from '../../domain/oauth/provider-record.ts';

/** The part of a record that says how its API is called. */
export type OAuthApi = Pick<
  ProviderRecord,
  'apiBaseUrl' | 'apiHosts' | 'fixedHeaders' | 'keeps' | 'tenantsEndpoint' | 'callbackTenant' | 'callbackErrorParams'
>;

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** Facebook and Instagram name an app's fault without `error`. https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow */
const META_ERRORS = ['error_code', 'error_message'];

/** By provider name. */
export const oauthApis: Readonly<Record<string, OAuthApi>> = {
  // https://airtable.com/developers/web/api/introduction and …/upload-attachment
  airtable: { apiBaseUrl: 'https://api.airtable.com', apiHosts: ['content.airtable.com'] },
  // https://developer.amazon.com/docs/login-with-amazon/obtain-customer-profile.html
  amazon: { apiBaseUrl: 'https://api.amazon.com' },
  // https://developers.asana.com/reference/rest-api-reference
  asana: { apiBaseUrl: 'https://app.asana.com/api' },
  // https://developer.atlassian.com/cloud/oauth/getting-started/making-calls-to-api/: calls go to /ex/jira/<cloudId>.
  atlassian: {
    apiBaseUrl: 'https://api.atlassian.com',
    tenantsEndpoint: 'https://api.atlassian.com/oauth/token/accessible-resources',
    keeps: [
      { name: 'cloudId', from: 'tenants', path: '0.id', pattern: UUID },
      { name: 'cloudIds', from: 'tenants', path: '*.id' },
      { name: 'siteUrls', from: 'tenants', path: '*.url' },
    ],
  },
  // https://auth0.com/docs/api/management/v2
  auth0: { apiBaseUrl: 'https://{tenant}.auth0.com' },
  // https://developer.atlassian.com/cloud/bitbucket/rest/intro/
  bitbucket: { apiBaseUrl: 'https://api.bitbucket.org' },
  // https://developer.box.com/reference/ and …/post-files-content
  box: { apiBaseUrl: 'https://api.box.com', apiHosts: ['upload.box.com'] },
  // https://developer.calendly.com/api-docs: the token reply names owner and organization.
  calendly: {
    apiBaseUrl: 'https://api.calendly.com',
    keeps: [
      { name: 'owner', from: 'token_reply', path: 'owner' },
      { name: 'organization', from: 'token_reply', path: 'organization' },
    ],
  },
  // https://www.canva.dev/docs/connect/api-requests-responses/
  canva: { apiBaseUrl: 'https://api.canva.com/rest' },
  // https://developer.clickup.com/reference
  clickup: { apiBaseUrl: 'https://api.clickup.com/api' },
  // https://developers.cloudflare.com/api/
  cloudflare: { apiBaseUrl: 'https://api.cloudflare.com/client' },
  // https://docs.digitalocean.com/reference/api/
  digitalocean: { apiBaseUrl: 'https://api.digitalocean.com' },
  // https://docs.discord.com/developers/reference
  discord: { apiBaseUrl: 'https://discord.com/api' },
  // https://www.docusign.com/blog/developers/the-trenches-who-are-you: each account has a place of its own.
  docusign: {
    apiBaseUrl: '{baseUri}/restapi',
    keeps: [
      {
        name: 'baseUri',
        from: 'identity',
        path: 'accounts.0.base_uri',
        pattern: 'https://[a-z0-9-]+\\.docusign\\.net',
      },
      { name: 'apiAccountId', from: 'identity', path: 'accounts.0.account_id', pattern: UUID },
      { name: 'apiAccountIds', from: 'identity', path: 'accounts.*.account_id' },
    ],
  },
  // https://www.dropbox.com/developers/documentation/http/documentation
  dropbox: {
    apiBaseUrl: 'https://api.dropboxapi.com',
    apiHosts: ['content.dropboxapi.com', 'notify.dropboxapi.com'],
  },
  // https://developers.facebook.com/docs/graph-api/overview
  facebook: {
    apiBaseUrl: 'https://graph.facebook.com',
    apiHosts: ['graph-video.facebook.com'],
    callbackErrorParams: META_ERRORS,
  },
  // https://developers.figma.com/docs/rest-api/
  figma: { apiBaseUrl: 'https://api.figma.com' },
  // https://dev.frontapp.com/reference/introduction: a company has a host of its own, too.
  front: { apiBaseUrl: 'https://api2.frontapp.com', apiHosts: ['*.api.frontapp.com'] },
  // https://docs.github.com/en/rest
  github: { apiBaseUrl: 'https://api.github.com', apiHosts: ['uploads.github.com'] },
  // https://docs.gitlab.com/api/rest/
  gitlab: { apiBaseUrl: 'https://gitlab.com/api' },
  // https://developers.google.com/discovery/v1/reference/apis/list: each API has a host of its own there.
  google: { apiBaseUrl: 'https://www.googleapis.com', apiHosts: ['*.googleapis.com'] },
  // https://devcenter.heroku.com/articles/platform-api-reference
  heroku: { apiBaseUrl: 'https://api.heroku.com' },
  // https://developers.hubspot.com/docs/api-reference/overview
  hubspot: { apiBaseUrl: 'https://api.hubapi.com' },
  // https://huggingface.co/docs/hub/api and …/inference-providers
  huggingface: { apiBaseUrl: 'https://huggingface.co', apiHosts: ['router.huggingface.co'] },
  // https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login
  instagram: { apiBaseUrl: 'https://graph.instagram.com', callbackErrorParams: META_ERRORS },
  // https://developers.kakao.com/docs/latest/en/kakaologin/rest-api
  kakao: { apiBaseUrl: 'https://kapi.kakao.com' },
  // https://developers.line.biz/en/reference/line-login/
  line: { apiBaseUrl: 'https://api.line.me' },
  // https://linear.app/developers/graphql
  linear: { apiBaseUrl: 'https://api.linear.app' },
  // https://learn.microsoft.com/en-us/linkedin/shared/api-guide/concepts
  linkedin: { apiBaseUrl: 'https://api.linkedin.com' },
  // https://mailchimp.com/developer/marketing/guides/access-user-data-oauth-2/: the metadata names the data centre.
  mailchimp: {
    apiBaseUrl: '{apiEndpoint}',
    keeps: [
      {
        name: 'apiEndpoint',
        from: 'identity',
        path: 'api_endpoint',
        pattern: 'https://[a-z]+\\d+\\.api\\.mailchimp\\.com',
      },
      { name: 'dc', from: 'identity', path: 'dc', pattern: '[a-z]+\\d+' },
    ],
  },
  // https://learn.microsoft.com/en-us/graph/use-the-api; a token is for one of these resources only.
  microsoft: {
    apiBaseUrl: 'https://graph.microsoft.com',
    apiHosts: [
      'api.powerbi.com',
      'management.azure.com',
      'outlook.office.com',
      'outlook.office365.com',
      '*.dynamics.com',
      '*.sharepoint.com',
    ],
  },
  // https://developers.miro.com/reference/api-reference
  miro: { apiBaseUrl: 'https://api.miro.com' },
  // https://developer.monday.com/api-reference/docs/basics
  monday: { apiBaseUrl: 'https://api.monday.com' },
  // https://developers.naver.com/docs/login/profile/profile.md
  naver: { apiBaseUrl: 'https://openapi.naver.com' },
  // https://api-docs.neon.tech/reference/getting-started-with-neon-api
  neon: { apiBaseUrl: 'https://console.neon.tech/api' },
  // https://developers.notion.com/docs/authorization
  notion: {
    apiBaseUrl: 'https://api.notion.com',
    keeps: [
      { name: 'workspaceId', from: 'token_reply', path: 'workspace_id' },
      { name: 'botId', from: 'token_reply', path: 'bot_id' },
    ],
  },
  // https://developer.okta.com/docs/reference/core-okta-api/
  okta: { apiBaseUrl: 'https://{subdomain}.okta.com' },
  // https://docs.patreon.com/
  patreon: { apiBaseUrl: 'https://www.patreon.com/api' },
  // https://developers.pinterest.com/docs/api/v5/
  pinterest: { apiBaseUrl: 'https://api.pinterest.com' },
  // https://pipedrive.readme.io/docs/marketplace-oauth-authorization: the token reply names the company's host.
  pipedrive: {
    apiBaseUrl: '{apiDomain}/api',
    apiHosts: ['api.pipedrive.com'],
    keeps: [
      { name: 'apiDomain', from: 'token_reply', path: 'api_domain', pattern: 'https://[a-z0-9-]+\\.pipedrive\\.com' },
    ],
  },
  // https://developer.intuit.com/app/developer/qbo/docs/learn/learn-basic-field-definitions
  quickbooks: {
    apiBaseUrl: 'https://quickbooks.api.intuit.com/v3/company/{realmId}',
    apiHosts: ['sandbox-quickbooks.api.intuit.com'],
    keeps: [{ name: 'realmId', from: 'callback', path: 'realmId', pattern: '\\d{1,24}' }],
  },
  // https://github.com/reddit-archive/reddit/wiki/OAuth2
  reddit: { apiBaseUrl: 'https://oauth.reddit.com' },
  // https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_web_server_flow.htm
  salesforce: {
    apiBaseUrl: '{instanceUrl}',
    keeps: [
      {
        name: 'instanceUrl',
        from: 'token_reply',
        path: 'instance_url',
        pattern: 'https://[a-z0-9][a-z0-9.-]*\\.(?:salesforce|force|cloudforce|database)\\.(?:com|mil)/?',
      },
    ],
  },
  // https://shopify.dev/docs/api/admin-rest
  shopify: { apiBaseUrl: 'https://{shop}.myshopify.com/admin' },
  // https://docs.slack.dev/reference/methods/oauth.v2.access: team, bot and webhook stand beside the user's token.
  slack: {
    apiBaseUrl: 'https://slack.com/api',
    apiHosts: ['files.slack.com'],
    keeps: [
      { name: 'teamId', from: 'token_reply', path: 'team.id' },
      { name: 'teamName', from: 'token_reply', path: 'team.name' },
      { name: 'enterpriseId', from: 'token_reply', path: 'enterprise.id' },
      { name: 'userId', from: 'token_reply', path: 'authed_user.id' },
      { name: 'botUserId', from: 'token_reply', path: 'bot_user_id' },
      { name: 'botToken', from: 'token_reply', path: 'access_token', secret: true },
      { name: 'webhookChannel', from: 'token_reply', path: 'incoming_webhook.channel' },
      { name: 'webhookUrl', from: 'token_reply', path: 'incoming_webhook.url', secret: true },
    ],
  },
  // https://developer.spotify.com/documentation/web-api
  spotify: { apiBaseUrl: 'https://api.spotify.com' },
  // https://developer.squareup.com/reference/square/o-auth-api/obtain-token
  square: {
    apiBaseUrl: 'https://connect.squareup.com',
    keeps: [{ name: 'merchantId', from: 'token_reply', path: 'merchant_id' }],
  },
  // https://developers.strava.com/docs/reference/
  strava: { apiBaseUrl: 'https://www.strava.com/api' },
  // https://docs.stripe.com/api and …/connect/oauth-reference
  stripe: {
    apiBaseUrl: 'https://api.stripe.com',
    apiHosts: ['files.stripe.com'],
    keeps: [{ name: 'stripeUserId', from: 'token_reply', path: 'stripe_user_id' }],
  },
  // https://supabase.com/docs/reference/api/introduction
  supabase: { apiBaseUrl: 'https://api.supabase.com' },
  // https://api.surveymonkey.com/v3/docs
  surveymonkey: {
    apiBaseUrl: 'https://api.surveymonkey.com',
    apiHosts: ['api.eu.surveymonkey.com', 'api.surveymonkey.ca'],
  },
  // https://developers.tiktok.com/doc/oauth-user-access-token-management
  tiktok: {
    apiBaseUrl: 'https://open.tiktokapis.com',
    keeps: [{ name: 'openId', from: 'token_reply', path: 'open_id' }],
  },
  // https://developer.todoist.com/api/v1/
  todoist: { apiBaseUrl: 'https://api.todoist.com' },
  // https://dev.twitch.tv/docs/api/
  twitch: { apiBaseUrl: 'https://api.twitch.tv' },
  // https://docs.x.com/x-api/overview; the older host still answers.
  twitter: { apiBaseUrl: 'https://api.x.com', apiHosts: ['api.twitter.com'] },
  // https://www.typeform.com/developers/get-started/: accounts of the EU data centre have the other host.
  typeform: { apiBaseUrl: 'https://api.typeform.com', apiHosts: ['api.eu.typeform.com'] },
  // https://vercel.com/docs/rest-api
  vercel: { apiBaseUrl: 'https://api.vercel.com' },
  // https://developers.webflow.com/data/reference
  webflow: { apiBaseUrl: 'https://api.webflow.com' },
  // https://developer.wordpress.com/docs/oauth2/: a token is for one blog, unless its scope is global.
  wordpress: {
    apiBaseUrl: 'https://public-api.wordpress.com',
    keeps: [
      { name: 'blogId', from: 'token_reply', path: 'blog_id', pattern: '\\d{1,20}' },
      { name: 'blogUrl', from: 'token_reply', path: 'blog_url' },
    ],
  },
  // https://developer.xero.com/documentation/guides/oauth2/auth-flow: calls name the tenant in xero-tenant-id.
  xero: {
    apiBaseUrl: 'https://api.xero.com',
    fixedHeaders: { 'xero-tenant-id': '{tenantId}' },
    tenantsEndpoint: 'https://api.xero.com/connections',
    keeps: [
      { name: 'tenantId', from: 'tenants', path: '0.tenantId', pattern: UUID },
      { name: 'tenantIds', from: 'tenants', path: '*.tenantId' },
      { name: 'tenantName', from: 'tenants', path: '0.tenantName' },
    ],
  },
  // https://developer.yahoo.com/oauth2/guide/ and …/fantasysports/guide/
  yahoo: { apiBaseUrl: 'https://api.login.yahoo.com', apiHosts: ['*.yahooapis.com'] },
  // https://developer.zendesk.com/api-reference/introduction/requests/
  zendesk: { apiBaseUrl: 'https://{subdomain}.zendesk.com/api' },
  // https://www.zoho.com/accounts/protocol/oauth/multi-dc/client-authorization.html and …/crm/developer/docs/api/v8/multi-dc.html
  zoho: {
    apiBaseUrl: '{apiDomain}',
    apiHosts: ['*.{domain}'],
    keeps: [
      {
        name: 'apiDomain',
        from: 'token_reply',
        path: 'api_domain',
        pattern: 'https://www\\.zohoapis\\.(?:com|eu|in|com\\.au|jp|sa|ca|uk)',
      },
    ],
    callbackTenant: {
      param: 'location',
      variable: 'domain',
      values: {
        us: 'zoho.com',
        eu: 'zoho.eu',
        in: 'zoho.in',
        au: 'zoho.com.au',
        jp: 'zoho.jp',
        ca: 'zohocloud.ca',
        sa: 'zoho.sa',
        uk: 'zoho.uk',
      },
    },
  },
  // https://developers.zoom.us/changelog/platform/api_url_access_token_response.md: the common host answers for every region.
  zoom: {
    apiBaseUrl: 'https://api.zoom.us',
    apiHosts: ['eu01api.zoom.us', 'sa01api.zoom.us', 'sg01api.zoom.us'],
    keeps: [{ name: 'apiUrl', from: 'token_reply', path: 'api_url', pattern: 'https://[a-z0-9]*api\\.zoom\\.us/?' }],
  },
};
