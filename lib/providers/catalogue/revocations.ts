// Which tokens a revocation endpoint takes where it does not take both, and where revoking one ends all that the account has granted
// to the client. Only what is documented: a token of the wrong kind is mostly answered as if it had been revoked.
import type { ProviderRecord } from '../../domain/oauth/provider-record.ts';

type RevocationFacts = Pick<ProviderRecord, 'revocationStyle' | 'revocationEndsAccount'>;

/** Fields of records by provider name. */
export const revocationFacts: Readonly<Record<string, RevocationFacts>> = {
  // https://developers.asana.com/docs/oauth: the token to send is the refresh token.
  asana: { revocationStyle: 'rfc7009_refresh_token' },
  // https://auth0.com/docs/api/authentication/revoke-refresh-token/revoke-refresh-token
  auth0: { revocationStyle: 'rfc7009_refresh_token' },
  // https://www.canva.dev/docs/connect/api-reference/authentication/revoke-tokens/: the consent goes with the token.
  canva: { revocationEndsAccount: true },
  // https://docs.digitalocean.com/reference/api/oauth
  digitalocean: { revocationStyle: 'rfc7009_access_token' },
  // https://github.com/discord/discord-api-docs/pull/7670: all tokens of the application for that user end with one.
  discord: { revocationEndsAccount: true },
  // https://developers.facebook.com/docs/facebook-login/guides/permissions/request-revoke: the permissions of the user, not a token.
  facebook: { revocationEndsAccount: true },
  // https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke
  google: { revocationEndsAccount: true },
  // https://developers.hubspot.com/docs/api-reference/latest/authentication/oauth-tokens/revoke-token: access tokens end by themselves.
  hubspot: { revocationStyle: 'rfc7009_refresh_token' },
  // https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#unlink: the user is unlinked from the application.
  kakao: { revocationEndsAccount: true },
  // https://developer.squareup.com/reference/square/oauth-api/revoke-token: all tokens of the merchant.
  square: { revocationEndsAccount: true },
  // https://developers.strava.com/docs/authentication/#deauthorization: all tokens of the athlete.
  strava: { revocationEndsAccount: true },
  // https://developers.tiktok.com/docs/en/oauth-revoke-a-user-access-token: the application is disconnected from the account.
  tiktok: { revocationStyle: 'rfc7009_access_token', revocationEndsAccount: true },
  // https://dev.twitch.tv/docs/authentication/revoke-tokens
  twitch: { revocationStyle: 'rfc7009_access_token' },
  // https://developer.xero.com/faq/oauth2: all connections of the user.
  xero: { revocationStyle: 'rfc7009_refresh_token', revocationEndsAccount: true },
  // https://developers.zoom.us/docs/integrations/oauth: the token to send is the access token.
  zoom: { revocationStyle: 'rfc7009_access_token' },
};
