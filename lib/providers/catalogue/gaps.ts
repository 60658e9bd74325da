// What the catalogue does not say, and why: providers left out, facts left unset, and what a provider can do that its record
// can't express. Read by `docs/providers.md` and the tests, never at run time.
import type { ProviderRecord } from '../../domain/oauth/provider-record.ts';

/** Providers without a record, by name: why. */
export const providersLeftOut: Readonly<Record<string, string>> = {
  apple: 'Its client secret is a JWT signed anew each time and its answer a form post: code, not data.',
  fitbit: 'Its web API and OAuth endpoints were announced to end in autumn 2026; Google Health takes their place.',
  gong: 'One source only for its endpoints, and its token parameters are documented as part of the query.',
  gumroad: 'Sources differ on the host of its token endpoint.',
  intercom:
    'Two sources for its endpoints, but none for how long tokens are valid or what identifies the account, and hosts by region.',
  netlify: 'Sources differ on client authentication and on refresh tokens, and no documentation settles it.',
  openai: 'No public OAuth for applications of others was found.',
  outreach: 'One source only for its endpoints.',
  paypal: 'Of seven sources no more than two agree on either endpoint.',
  ramp: 'One source only for its endpoints.',
  sentry: 'One source only for its endpoints.',
  youtube: 'The same as google, with scopes of its own.',
};

/** Fields left out, by provider: sources disagree or are old, or there is only one. */
export const factsLeftUnset: Readonly<Record<string, readonly (keyof ProviderRecord)[]>> = {
  airtable: ['accessTokenLifetimeSeconds'],
  amazon: ['accessTokenLifetimeSeconds', 'clientAuth', 'rotatesRefreshTokens'],
  asana: ['accessTokenLifetimeSeconds', 'issuer', 'rotatesRefreshTokens'],
  auth0: ['rotatesRefreshTokens'],
  bitbucket: ['rotatesRefreshTokens'],
  calendly: ['clientAuth'],
  clickup: ['accessTokenLifetimeSeconds', 'tokenRequestFormat'],
  cloudflare: ['accessTokenLifetimeSeconds', 'identityEndpoint', 'issuer', 'refreshTokenScope'],
  digitalocean: ['accessTokenLifetimeSeconds', 'rotatesRefreshTokens'],
  discord: ['rotatesRefreshTokens'],
  docusign: ['accessTokenLifetimeSeconds', 'issuer', 'revocationEndpoint'],
  dropbox: ['issuer', 'rotatesRefreshTokens'],
  facebook: ['accessTokenLifetimeSeconds'],
  figma: ['accessTokenLifetimeSeconds', 'revocationEndpoint', 'rotatesRefreshTokens', 'scopeSeparator'],
  front: ['rotatesRefreshTokens'],
  google: ['rotatesRefreshTokens'],
  heroku: ['accessTokenLifetimeSeconds', 'rotatesRefreshTokens'],
  huggingface: ['accessTokenLifetimeSeconds'],
  instagram: ['rotatesRefreshTokens'],
  kakao: ['accessTokenLifetimeSeconds', 'issuer'],
  line: ['rotatesRefreshTokens'],
  linear: ['rotatesRefreshTokens'],
  linkedin: ['revocationEndpoint'],
  microsoft: ['accessTokenLifetimeSeconds'],
  monday: ['revocationEndpoint', 'rotatesRefreshTokens'],
  naver: ['accessTokenLifetimeSeconds', 'rotatesRefreshTokens'],
  neon: ['accessTokenLifetimeSeconds'],
  notion: ['accessTokenLifetimeSeconds'],
  okta: ['accessTokenLifetimeSeconds'],
  patreon: ['accessTokenLifetimeSeconds', 'rotatesRefreshTokens'],
  pinterest: ['rotatesRefreshTokens'],
  pipedrive: ['accessTokenLifetimeSeconds', 'rotatesRefreshTokens'],
  reddit: ['accessTokenLifetimeSeconds', 'rotatesRefreshTokens'],
  salesforce: ['accessTokenLifetimeSeconds', 'rotatesRefreshTokens'],
  shopify: ['revocationEndpoint'],
  spotify: ['rotatesRefreshTokens'],
  stripe: ['rotatesRefreshTokens'],
  supabase: ['accessTokenLifetimeSeconds', 'rotatesRefreshTokens'],
  surveymonkey: ['accessTokenLifetimeSeconds'],
  tiktok: ['accessTokenLifetimeSeconds'],
  todoist: ['accessTokenLifetimeSeconds', 'rotatesRefreshTokens'],
  twitch: ['accessTokenLifetimeSeconds'],
  twitter: ['rotatesRefreshTokens'],
  typeform: ['accessTokenLifetimeSeconds', 'rotatesRefreshTokens'],
  webflow: ['accessTokenLifetimeSeconds'],
  wordpress: ['accessTokenLifetimeSeconds'],
  yahoo: ['accessTokenLifetimeSeconds', 'issuer', 'revocationEndpoint', 'rotatesRefreshTokens', 'scopeSeparator'],
  zendesk: ['tokenRequestFormat'],
  zoho: ['rotatesRefreshTokens'],
  zoom: ['scopeSeparator'],
};

/** What a provider can do and its record cannot express, by provider. */
export const providerLimits: Readonly<Record<string, string>> = {
  amazon: 'Device flow: its grant type is not that of RFC 8628. The token host is the one for North America.',
  docusign: 'The base URL is of the first account of the user.',
  facebook:
    'The first token is valid for an hour or two and there is no refresh token; the exchange for one of sixty days is not made. Device flow: not as in RFC 8628.',
  gitlab: 'gitlab.com only: for a self-managed host define a provider of your own.',
  heroku: 'Revocation: it takes the id of the authorization, not the token.',
  instagram: 'The token is valid for an hour; the exchange for one of sixty days, and its renewal, are not made.',
  microsoft: 'The issuer names the tenant of the user, so `iss` is not checked. There is no revocation.',
  miro: 'Revocation: it takes parameters of its own names.',
  monday: 'The older flow; for the one with tokens that expire, override the token endpoint.',
  naver: 'Revocation: a grant type of the token endpoint.',
  quickbooks:
    'Account: the company is named in the callback only, so the account is never known and no connection is merged into an existing one. A sandbox company is called by its whole URL.',
  salesforce: '`login` and `test` only; My Domain hosts are reached from the login page.',
  slack:
    'In the user’s name; with `extraAuthorizationParams: {"scope": "incoming-webhook"}` bot and webhook come with it, and are not refreshed. For bot tokens alone define a provider of your own with `scope` and no `tokenReplyPath`.',
  stripe: 'Revocation: it takes the id of the account, not the token.',
  twitch: 'Device flow: it takes `scopes` in place of `scope`.',
  typeform: 'The data centre in the EU is another authorization server.',
};

/** APIs whose keys cannot be checked, by provider: why. */
export const checksUnknown: Readonly<Record<string, string>> = {
  aiml_api: 'Its list of models is public, and no other call was found in two sources.',
  exa: 'No call was found that needs a key and costs nothing.',
  fal: 'Its calls that need a key and cost nothing are at another host than the queue.',
  freshdesk: 'Sources name different calls.',
  getresponse: 'Sources name different calls.',
  google_maps: 'The answer to a bad key is the one to a good key whose project has not enabled that API.',
  ideogram: 'Every documented call makes an image.',
  jina: 'The call that would tell is at another host.',
  jumpcloud: 'Sources name different calls.',
  linear: 'Its API is GraphQL: each call has a body, which a check has not.',
  nvidia: 'Its list of models is public, and the call that would tell is at another host.',
  resend: 'A key that may only send is refused with 401 like a bad one.',
  revid: 'No call was found that needs a key and costs nothing.',
  rootly: 'Sources name different calls.',
  unreal_speech: 'Every documented call makes speech.',
  webshare_proxy: 'They are the credentials of a proxy, not of an HTTP API.',
};
