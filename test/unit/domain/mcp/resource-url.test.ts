// Which URLs a resource covers: the rule by which a token leaves, or does not.
import { describe, expect, it } from 'vitest';
import { canonicalResource, coversUrl, hasPlainPath } from '../../../../lib/domain/mcp/resource-url.ts';

const HOST = 'https://mcp.example.com';

const covered: readonly [resource: string, url: string][] = [
  [HOST, HOST],
  [HOST, `${HOST}/`],
  [`${HOST}/`, HOST],
  [HOST, `${HOST}/mcp`],
  [HOST, `${HOST}/mcp?x=1`],
  [HOST, `${HOST}?x=1`],
  [HOST, `${HOST}/mcp#part`],
  [`${HOST}/mcp`, `${HOST}/mcp`],
  [`${HOST}/mcp`, `${HOST}/mcp/`],
  [`${HOST}/mcp`, `${HOST}/mcp/tools/list`],
  [`${HOST}/mcp`, `${HOST}/mcp?x=/../y`],
  [`${HOST}/mcp/`, `${HOST}/mcp/tools`],
  [`${HOST}/mcp`, `${HOST}/mcp/a.b/..c/.d/e..`],
  [`${HOST}/mcp`, `${HOST}/mcp/a%20b`],
  [`${HOST}/mcp`, `${HOST}/mcp/%c3%a9/a%2520b%3bc;d/%7Ee`],
  [`${HOST}/mcp`, 'HTTPS://MCP.Example.com:443/mcp'],
  ['https://mcp.example.com:8443/mcp', 'https://mcp.example.com:8443/mcp'],
  ['http://127.0.0.1:4000/mcp', 'http://127.0.0.1:4000/mcp/x'],
  [`${HOST}/mcp?tenant=a`, `${HOST}/mcp?tenant=a`],
  [`${HOST}/mcp?tenant=a`, `${HOST}/mcp?tenant=a#part`],
];

const uncovered: readonly [resource: string, url: string][] = [
  [HOST, 'https://mcp.example.org'],
  [HOST, 'https://a.mcp.example.com'],
  [HOST, 'https://mcp.example.com.evil.example'],
  [HOST, 'https://mcp.example.com@evil.example'],
  [HOST, 'https://user@mcp.example.com'],
  ['https://user@mcp.example.com', HOST],
  [HOST, 'http://mcp.example.com'],
  [HOST, 'https://mcp.example.com:8443'],
  [`${HOST}/mcp`, HOST],
  [`${HOST}/mcp`, `${HOST}/mcpx`],
  [`${HOST}/mcp`, `${HOST}/mcp-evil/mcp`],
  [`${HOST}/mcp`, `${HOST}/MCP`],
  [`${HOST}/mcp`, `${HOST}/x/mcp`],
  [`${HOST}/mcp/`, `${HOST}/mcp`],
  [`${HOST}/mcp`, `${HOST}/mcp/../other`],
  [`${HOST}/mcp`, `${HOST}/mcp/..`],
  [`${HOST}/mcp`, `${HOST}/mcp/.`],
  [`${HOST}/mcp`, `${HOST}/mcp/./x`],
  [`${HOST}/mcp`, `${HOST}/x/../mcp`],
  [HOST, `${HOST}/..`],
  [`${HOST}/mcp`, `${HOST}/mcp/..;/other`],
  [`${HOST}/mcp`, `${HOST}/mcp/..;x=y/other`],
  [`${HOST}/mcp`, `${HOST}/mcp/.;`],
  [`${HOST}/mcp`, `${HOST}/mcp/%2e%2e/other`],
  [`${HOST}/mcp`, `${HOST}/mcp/%2E./other`],
  [`${HOST}/mcp`, `${HOST}/mcp/..%2fother`],
  [`${HOST}/mcp`, `${HOST}/mcp/..%5Cother`],
  [`${HOST}/mcp`, `${HOST}/mcp/%252e%252e/other`],
  [`${HOST}/mcp`, `${HOST}/mcp/a%25252Fb`],
  [`${HOST}/mcp`, `${HOST}/mcp/%252%65%252%65/other`],
  [`${HOST}/mcp`, `${HOST}/mcp/%2%65%2%65/other`],
  [`${HOST}/mcp`, `${HOST}/mcp/%%32%65%%32%65/other`],
  [`${HOST}/mcp`, `${HOST}/mcp/%25%32%65%25%32%65%25%32%66other`],
  [`${HOST}/mcp`, `${HOST}/mcp/..%3b/x`],
  [`${HOST}/mcp`, `${HOST}/mcp/..%253bx=y/x`],
  [`${HOST}/mcp`, `${HOST}/mcp/..%3fx`],
  [`${HOST}/mcp`, `${HOST}/mcp/..%2523x`],
  [`${HOST}/mcp`, `${HOST}/mcp/..%20`],
  [`${HOST}/mcp`, `${HOST}/mcp/.%09./other`],
  [`${HOST}/mcp`, `${HOST}/mcp/..%00/other`],
  [`${HOST}/mcp`, `${HOST}/mcp/%c0%ae%c0%ae/other`],
  [`${HOST}/mcp`, `${HOST}/mcp/%u002e%u002e/other`],
  [`${HOST}/mcp`, `${HOST}/mcp/100%`],
  [`${HOST}/mcp`, `${HOST}/mcp/%252525252525`],
  [`${HOST}/mcp`, `${HOST}/mcp/..\\other`],
  [`${HOST}/mcp`, `${HOST}/mcp/.\t./other`],
  [`${HOST}/mcp`, `${HOST}/mcp/.\n./other`],
  [`${HOST}/mcp`, `${HOST}/mcp/é`],
  [`${HOST}/mcp`, ` ${HOST}/mcp`],
  [`${HOST}/mcp/../x`, `${HOST}/x`],
  [`${HOST}/mcp%2fx`, `${HOST}/mcp%2fx`],
  [`${HOST}/mcp#part`, `${HOST}/mcp`],
  [`${HOST}/mcp#`, `${HOST}/mcp`],
  [`${HOST}/mcp?tenant=a`, `${HOST}/mcp?tenant=b`],
  [`${HOST}/mcp?tenant=a`, `${HOST}/mcp`],
  ['ftp://mcp.example.com', 'ftp://mcp.example.com'],
  ['xhttps://mcp.example.com', 'xhttps://mcp.example.com'],
  ['null', 'null'],
  ['', ''],
  ['https://', 'https://'],
  ['https://mcp.example.com:99999', 'https://mcp.example.com:99999'],
];

describe('coversUrl', () => {
  it.each(covered)('%s covers %s', (resource, url) => {
    expect(coversUrl(resource, url)).toBe(true);
  });

  it.each(uncovered)('%j does not cover %j', (resource, url) => {
    expect(coversUrl(resource, url)).toBe(false);
  });
});

describe('hasPlainPath', () => {
  it.each([
    [`${HOST}/a/b?x=..`, true],
    [`${HOST}/a/../b`, false],
    [`${HOST}/a%2fb`, false],
    ['not a url', false],
  ])('of %s: %s', (url, expected) => {
    expect(hasPlainPath(url)).toBe(expected);
  });
});

describe('canonicalResource', () => {
  it.each([
    [HOST, HOST],
    [`${HOST}/`, HOST],
    ['HTTPS://MCP.EXAMPLE.COM/Mcp', `${HOST}/Mcp`],
    [`${HOST}/mcp/`, `${HOST}/mcp/`],
    [`${HOST}/mcp?key=secret`, `${HOST}/mcp`],
    ['http://127.0.0.1:4000/mcp', 'http://127.0.0.1:4000/mcp'],
  ])('of %s is %s, and covers it', (url, expected) => {
    expect(canonicalResource(url)).toBe(expected);
    expect(coversUrl(canonicalResource(url), url)).toBe(true);
  });
});

describe('a path that is encoded again and again', () => {
  /** Reads as `A` after so many decodings. */
  const encoded = (times: number): string => `%${'25'.repeat(times - 1)}41`;

  it('is plain after four decodings, and refused for more', () => {
    expect([1, 4, 5, 9].map((times) => hasPlainPath(`${HOST}/${encoded(times)}`))).toEqual([true, true, false, false]);
  });
});
