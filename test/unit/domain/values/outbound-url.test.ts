// Which URLs the service may fetch, before any name is resolved.
import { describe, expect, it } from 'vitest';
import { checkOutboundUrl, isLoopbackHost } from '../../../../lib/domain/values/outbound-url.ts';
import { loopbackUrls, neverUrls, publicUrls } from '../../../support/http/outbound-urls.ts';

describe('checkOutboundUrl', () => {
  it.each(publicUrls)('allows under both policies: %s', (text) => {
    expect(checkOutboundUrl(text, 'public')?.protocol).toBe('https:');
    expect(checkOutboundUrl(text, 'local')).toEqual(checkOutboundUrl(text, 'public'));
  });

  it.each(loopbackUrls)('allows under the local policy only: %s', (text) => {
    expect(checkOutboundUrl(text, 'public')).toBeNull();
    expect(isLoopbackHost(checkOutboundUrl(text, 'local')?.hostname ?? '')).toBe(true);
  });

  it.each(neverUrls)('refuses under both policies: %j', (text) => {
    expect(checkOutboundUrl(text, 'public')).toBeNull();
    expect(checkOutboundUrl(text, 'local')).toBeNull();
  });
});

describe('isLoopbackHost', () => {
  it.each([
    ['localhost', true],
    ['127.0.0.1', true],
    ['127.100.200.255', true],
    ['[::1]', true],
    ['xlocalhost', false],
    ['localhost.example', false],
    ['x127.0.0.1', false],
    ['127.0.0.1.example', false],
    ['127.0.0', false],
    ['127.0.0.1.1', false],
    ['127.0.0.1000', false],
    ['[::1].example', false],
    ['[::2]', false],
    ['', false],
  ])('of %j: %s', (host, expected) => {
    expect(isLoopbackHost(host)).toBe(expected);
  });
});
