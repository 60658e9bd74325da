// The sources of `workplace.ts`. Read by `docs/providers.md` and the tests, never at run time.
import { agreement, type OAuthSources } from '../oauth-source.ts';

/** By provider. */
export const workplaceSources: OAuthSources = {
  airtable: ['https://airtable.com/developers/web/api/oauth-reference'],
  asana: ['https://developers.asana.com/docs/oauth', 'https://developers.asana.com/docs/openid-connect'],
  box: [
    'https://developer.box.com/guides/authentication/tokens/refresh',
    'https://developer.box.com/guides/authentication/tokens/access-tokens/',
  ],
  calendly: [
    'https://developer.calendly.com/docs/authentication/refresh-token-rotation-guide',
    'https://developer.calendly.com/how-to-access-calendly-data-on-behalf-of-authenticated-users',
    'https://developer.calendly.com/api-docs/calendly-o-auth/o-auth/post-oauth-revoke.md',
  ],
  canva: [
    'https://canva.dev/docs/connect/api-reference/authentication/generate-access-token',
    'https://www.canva.dev/docs/apps/rest-apis/reference/authentication/revoke-token/',
  ],
  clickup: { connect: agreement(3, 3) },
  docusign: [
    'https://developers.docusign.com/platform/auth/authcode.md',
    'https://developers.docusign.com/platform/auth/reference/obtain-access-token',
  ],
  dropbox: ['https://dropbox.tech/developers/using-oauth-2-0-with-offline-access'],
  figma: ['https://developers.figma.com/docs/rest-api/authentication'],
  google: [
    'https://developers.google.com/identity/protocols',
    'https://developers.google.com/health/migration/data-access',
  ],
  linear: [
    'https://linear.app/developers/oauth-2-0-authentication',
    'https://linear.app/developers/oauth-2-0-authentication.md',
    'https://linear.app/docs/oauth/authentication',
  ],
  microsoft: ['https://github.com/MicrosoftDocs/entra-docs/blob/HEAD/docs/identity-platform/refresh-tokens.md'],
  miro: [
    'https://developers.miro.com/reference/oauth-20-authorization-v2',
    'https://developers.miro.com/reference/get-new-access-token-using-refresh-token',
  ],
  monday: [
    'https://developer.monday.com/apps/docs/oauth',
    'https://developer.monday.com/apps/docs/migrating-to-the-new-oauth-flow',
    'https://developer-community.monday.com/product-updates/join-the-beta-oauth-2-1-for-monday-apps-5273',
  ],
  notion: [
    'https://developers.notion.com/reference/refresh-a-token',
    'https://www.mintlify.com/makenotion/notion-sdk-js/api/oauth',
  ],
  slack: [
    'https://docs.slack.dev/authentication/using-token-rotation',
    'https://docs.slack.dev/authentication/using-pkce',
    'https://docs.slack.dev/changelog/2026/03/30/pkce',
  ],
  surveymonkey: { connect: agreement(3, 4) },
  todoist: [
    'https://doist.github.io/todoist-api-typescript/authorization',
    'https://doist.github.io/todoist-api-python/authentication/',
  ],
  typeform: { connect: agreement(4, 4) },
  webflow: [
    'https://developers.webflow.com/data/v1.0.0/docs/oauth',
    'https://developers.webflow.com/reference/authentication',
    'https://developers.webflow.com/data/reference/token/introspect.md',
  ],
  wordpress: { connect: agreement(5, 5) },
  zoom: ['https://developers.zoom.us/docs/rooms/oauth/', 'https://developers.zoom.us/blog/device-authorization.md'],
};
