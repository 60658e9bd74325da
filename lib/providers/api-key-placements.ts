// How vendors want an API key sent, where it is not `authorization: Bearer <key>`. An entry stands here only when the
// vendor's documentation (named beside it) and a client's source agree; any other provider gets the default.

export type ApiKeyPlacement =
  /** The value is prefix and key; the name is in lower case. */
  | { readonly header: { readonly name: string; readonly prefix: string } }
  /** The name of the query parameter that holds the key. */
  | { readonly query: string };

const header = (name: string, prefix = ''): ApiKeyPlacement => ({ header: { name, prefix } });

const BEARER = header('authorization', 'Bearer ');

export const apiKeyPlacements: Readonly<Record<string, ApiKeyPlacement>> = {
  // https://docs.anthropic.com/claude/reference/getting-started-with-the-api
  anthropic: header('x-api-key'),
  // https://docs.apollo.io/reference/authentication
  apollo: header('x-api-key'),
  // https://docs.d-id.com/docs/api-keys: the key is `user:password` and is sent as it is given, without base64.
  d_id: header('authorization', 'Basic '),
  // https://github.com/e2b-dev/infra/blob/main/spec/openapi.yml
  e2b: header('x-api-key'),
  // https://elevenlabs.io/docs/api-reference/authentication
  elevenlabs: header('xi-api-key'),
  // https://docs.exa.ai/reference/search: its clients send this one, though a bearer is taken too.
  exa: header('x-api-key'),
  // https://fal.ai/docs/inference-api/queue/submit
  fal: header('authorization', 'Key '),
  // https://developers.google.com/maps/documentation/geocoding/requests-geocoding: only the newer Maps APIs read a header.
  google_maps: { query: 'key' },
  // https://developer.ideogram.ai/api-reference/api-reference/generate
  ideogram: header('api-key'),
  // https://docs.mem0.ai/api-reference/memory/add-memories
  mem0: header('authorization', 'Token '),
  // https://openweathermap.org/api/one-call-3
  openweathermap: { query: 'appid' },
  // https://www.revid.ai/skills/revid-api-foundations
  revid: header('key'),
  // https://screenshotone.com/docs/api-keys: the query takes `access_key` too, but URLs are logged.
  screenshotone: header('x-access-key'),
  // https://api.smartlead.ai/authentication
  smartlead: { query: 'api_key' },
  // https://www.zerobounce.net/docs/email-validation-api-quickstart: its POST calls want the key in the body instead.
  zerobounce: { query: 'api_key' },
};

const placementByProvider = new Map(Object.entries(apiKeyPlacements));

/** Where a provider's API key goes: what is listed here, else a bearer token (RFC 6750 §2.1). */
export const apiKeyPlacement = (provider: string): ApiKeyPlacement => placementByProvider.get(provider) ?? BEARER;
