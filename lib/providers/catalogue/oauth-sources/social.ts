// The sources of `social.ts`. Read by `docs/providers.md` and the tests, never at run time.
import { agreement, type OAuthSources } from '../oauth-source.ts';

/** By provider. */
export const socialSources: OAuthSources = {
  amazon: { connect: agreement(5, 6), check: agreement(4, 4) },
  auth0: ['https://auth0.com/docs/secure/tokens/access-tokens/update-access-token-lifetime'],
  discord: ['https://github.com/discord/discord-api-docs/blob/HEAD/docs/topics/OAuth2.md'],
  facebook: { connect: agreement(8, 8), check: agreement(7, 7) },
  instagram: { connect: agreement(7, 7), check: agreement(5, 5) },
  kakao: { connect: agreement(8, 8), check: agreement(5, 5) },
  line: [
    'https://developers.line.biz/en/reference/line-login',
    'https://developers.line.biz/en/docs/line-login/managing-access-tokens',
  ],
  linkedin: ['https://learn.microsoft.com/en-us/linkedin/shared/authentication/programmatic-refresh-tokens'],
  naver: { connect: agreement(8, 8), check: agreement(6, 6), end: agreement(8, 8) },
  okta: { connect: agreement(4, 7), check: agreement(2, 2) },
  patreon: { connect: agreement(7, 7) },
  pinterest: [
    'https://developers.pinterest.com/docs/getting-started/set-up-authentication-and-authorization/',
    'https://github.com/pinterest/pinterest-python-generated-api-client/blob/main/docs/OauthApi.md',
  ],
  reddit: [
    'https://github.com/reddit-archive/reddit/wiki/OAuth2',
    'https://www.reddit.com/r/redditdev/comments/kvzaot/oauth2_api_changes_upcoming/',
  ],
  spotify: ['https://developer.spotify.com/documentation/web-api/tutorials/refreshing-tokens'],
  strava: ['https://developers.strava.com/docs/authentication', 'https://developers.strava.com/docs/oauth-updates/'],
  tiktok: [
    'https://developers.tiktok.com/docs/en/oauth-refresh-a-user-access-token',
    'https://developers.tiktok.com/docs/zh-Hans/oauth-user-access-token-management',
    'https://developers.tiktok.com/doc/oauth-user-access-token-management',
  ],
  twitch: [
    'https://dev.twitch.tv/docs/authentication/revoke-tokens',
    'https://dev.twitch.tv/docs/authentication/validate-tokens',
  ],
  twitter: [
    'https://docs.x.com/resources/fundamentals/authentication/oauth-2-0/authorization-code',
    'https://docs.x.com/resources/fundamentals/authentication/oauth-2-0/user-access-token',
  ],
  yahoo: { connect: agreement(7, 7), check: agreement(4, 4) },
};
