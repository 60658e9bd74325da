// Where each provider expects its API key.
import { describe, expect, it } from 'vitest';
import { HeaderName } from '../../../lib/domain/values/http-field.ts';
import { apiKeyPlacement, apiKeyPlacements } from '../../../lib/providers/api-key-placements.ts';

const bearer = { header: { name: 'authorization', prefix: 'Bearer ' } };

describe('apiKeyPlacements', () => {
  it.each(Object.entries(apiKeyPlacements))(
    'lists a sendable placement for %s other than the default',
    (_, placement) => {
      expect(placement).not.toEqual(bearer);
      if ('query' in placement) {
        expect(placement.query).toMatch(/^\w+$/);
      } else {
        expect(placement.header.name).toBe(HeaderName.parse(placement.header.name));
        expect(placement.header.prefix).toMatch(placement.header.name === 'authorization' ? /^[A-Z][a-z]+ $/ : /^$/);
      }
    },
  );
});

describe('apiKeyPlacement', () => {
  it.each([
    ['anthropic', { header: { name: 'x-api-key', prefix: '' } }],
    ['d_id', { header: { name: 'authorization', prefix: 'Basic ' } }],
    ['fal', { header: { name: 'authorization', prefix: 'Key ' } }],
    ['openweathermap', { query: 'appid' }],
  ])('finds the placement of %s', (provider, placement) => {
    expect(apiKeyPlacement(provider)).toEqual(placement);
  });

  it.each(['openai', 'unknown', '', 'Anthropic', '__proto__', 'constructor', 'toString'])(
    'returns a bearer token for %j',
    (provider) => {
      expect(apiKeyPlacement(provider)).toEqual(bearer);
    },
  );
});
