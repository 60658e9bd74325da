// Where vendors expect an API key if not in `authorization: Bearer <key>`. An entry needs two sources that agree: the vendor's
// documentation, linked beside it, and the source code of a client.
import type { KeyPlacement } from '../domain/credential/sendable-fields.ts';

const header = (name: string, prefix = ''): KeyPlacement => ({ header: { name, prefix } });

/** RFC 6750 §2.1. */
const BEARER = header('authorization', 'Bearer ');

/** By provider; header names are in lower case. */
export const apiKeyPlacements: Readonly<Record<string, KeyPlacement>> = {
  // https://docs.anthropic.com/claude/reference/getting-started-with-the-api
  anthropic: header('x-api-key'),
  // https://docs.apollo.io/reference/authentication
  apollo: header('x-api-key'),
  // https://docs.d-id.com/docs/api-keys: the key is `user:password`, sent without base64.
  d_id: header('authorization', 'Basic '),
  // https://github.com/e2b-dev/infra/blob/main/spec/openapi.yml
  e2b: header('x-api-key'),
  // https://elevenlabs.io/docs/api-reference/authentication
  elevenlabs: header('xi-api-key'),
  // https://docs.exa.ai/reference/search: its clients send this header; a bearer token works too.
  exa: header('x-api-key'),
  // https://fal.ai/docs/inference-api/queue/submit
  fal: header('authorization', 'Key '),
  // https://developers.google.com/maps/documentation/geocoding/requests-geocoding: only newer Maps APIs read a header.
  google_maps: { query: 'key' },
  // https://developer.ideogram.ai/api-reference/api-reference/generate
  ideogram: header('api-key'),
  // https://docs.mem0.ai/api-reference/memory/add-memories
  mem0: header('authorization', 'Token '),
  // https://openweathermap.org/api/one-call-3
  openweathermap: { query: 'appid' },
  // https://www.revid.ai/skills/revid-api-foundations
  revid: header('key'),
  // https://screenshotone.com/docs/api-keys: the query parameter `access_key` works too, but URLs get logged.
  screenshotone: header('x-access-key'),
  // https://api.smartlead.ai/authentication
  smartlead: { query: 'api_key' },
  // https://www.zerobounce.net/docs/email-validation-api-quickstart: its POST calls expect the key in the body.
  zerobounce: { query: 'api_key' },
};

const placementByProvider = new Map(Object.entries(apiKeyPlacements));

/** The listed placement of a provider's API key, else `authorization: Bearer`. */
export const apiKeyPlacement = (provider: string): KeyPlacement => placementByProvider.get(provider) ?? BEARER;
