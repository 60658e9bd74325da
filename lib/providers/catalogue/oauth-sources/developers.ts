// The sources of `developers.ts`. Read by `docs/providers.md` and the tests, never at run time.
import type { OAuthSources } from '../oauth-source.ts';

/** By provider. */
export const developersSources: OAuthSources = {
  atlassian: ['https://auth.atlassian.com/.well-known/openid-configuration'],
  bitbucket: ['https://developer.atlassian.com/cloud/bitbucket/oauth-2/', 'https://confluence.atlassian.com/x/pwIwDg'],
  cloudflare: ['https://developers.cloudflare.com/fundamentals/oauth/integrate-with-cloudflare/'],
  digitalocean: [
    'https://docs.digitalocean.com/reference/api/oauth',
    'https://docs.digitalocean.com/documentation/oauth',
  ],
  github: [
    'https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps',
    'https://github.blog/changelog/2025-07-14-pkce-support-for-oauth-and-github-app-authentication',
  ],
  gitlab: ['https://github.com/gitlabhq/gitlabhq/blob/HEAD/doc/api/oauth2.md'],
  heroku: ['https://devcenter.heroku.com/articles/oauth'],
  huggingface: ['https://github.com/huggingface/hub-docs/blob/HEAD/docs/hub/oauth.md'],
  neon: ['https://github.com/neondatabase/website/blob/HEAD/content/docs/guides/oauth-integration.md'],
  supabase: ['https://github.com/supabase/supabase'],
  vercel: [
    'https://vercel.com/.well-known/oauth-authorization-server',
    'https://vercel.com/docs/sign-in-with-vercel/authorization-server-api',
    'https://vercel.com/docs/sign-in-with-vercel/tokens',
  ],
};
