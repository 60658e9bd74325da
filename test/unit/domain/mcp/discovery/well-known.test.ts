// Where metadata is looked for, and in which order.
import { describe, expect, it } from 'vitest';
import {
  listResourceMetadataUrls,
  listServerMetadataUrls,
} from '../../../../../lib/domain/mcp/discovery/well-known.ts';

describe('listResourceMetadataUrls', () => {
  it.each([
    ['https://a.example', ['']],
    ['https://a.example/', ['']],
    ['https://a.example/mcp', ['/mcp', '']],
    ['https://a.example/x/mcp', ['/x/mcp', '']],
    ['https://a.example/mcp/', ['/mcp/', '/mcp', '']],
    ['https://a.example/mcp?t=1', ['/mcp?t=1', '/mcp', '']],
    ['https://a.example?t=1', ['?t=1', '']],
    ['https://a.example:8443/mcp', ['/mcp', '']],
  ])('of %s', (url, places) => {
    const { origin } = new URL(url);
    expect(listResourceMetadataUrls(url)).toEqual(
      places.map((place) => `${origin}/.well-known/oauth-protected-resource${place}`),
    );
  });
});

describe('listServerMetadataUrls', () => {
  it.each([
    [
      'https://a.example',
      [
        'https://a.example/.well-known/oauth-authorization-server',
        'https://a.example/.well-known/openid-configuration',
      ],
    ],
    [
      'https://a.example/',
      [
        'https://a.example/.well-known/oauth-authorization-server',
        'https://a.example/.well-known/openid-configuration',
      ],
    ],
    [
      'https://a.example/tenant1',
      [
        'https://a.example/.well-known/oauth-authorization-server/tenant1',
        'https://a.example/.well-known/openid-configuration/tenant1',
        'https://a.example/tenant1/.well-known/openid-configuration',
      ],
    ],
    [
      'https://a.example:8443/x/y/',
      [
        'https://a.example:8443/.well-known/oauth-authorization-server/x/y',
        'https://a.example:8443/.well-known/openid-configuration/x/y',
        'https://a.example:8443/x/y/.well-known/openid-configuration',
      ],
    ],
  ])('of %s', (issuer, urls) => {
    expect(listServerMetadataUrls(issuer)).toEqual(urls);
  });
});
