// No decoding leads out of a resource: paths made of pieces of encodings, read as servers of many kinds read them. The client's rule
// is held to the same.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWithinResource } from '../../../../client/fetch/resource.ts';
import { coversUrl } from '../../../../lib/domain/mcp/resource-url.ts';

const RESOURCE = 'https://mcp.example.com/a/mcp';

const PIECES = ['%', '%25', '2', '5', 'e', 'f', 'c', '3b', '%2', '%32', '%35', '%65', '%66', '%63', '%33', '%62'];
const SIGNS = ['.', '..', '/', '\\', ';', '%3b', '%2e', '%2f', '%5c', '%3f', '%23', '%20', '%09', '%00', '%c0%ae', 'x'];

/** Decodes what is an escape and leaves the rest, byte by byte, as many servers do. */
const decodeBytes = (text: string): string =>
  text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** Decodes the percent signs only, as a proxy that normalizes part of a path. */
const decodePercent = (text: string): string => text.replaceAll('%25', '%');

const withoutParameters = (path: string): string => path.replace(/;[^/]*/g, '');

/** What a server makes of a path: slashes of both kinds, and nothing after a query or the end of a C string. */
const resolvePath = (path: string): string => {
  const segments: string[] = [];
  for (const segment of path
    .replace(/[\t\r\n]/g, '')
    .split(/[?#\0]/)[0]
    ?.trim()
    .split(/[/\\]/) ?? []) {
    if (segment === '..') segments.pop();
    else if (segment !== '.') segments.push(segment);
  }
  return `${segments.join('/')}/`;
};

const MOST_DECODINGS = 12;

/** Each path that a server could read, after any number of decodings of either kind. */
const listReadings = (path: string): string[] =>
  [decodeBytes, decodePercent].flatMap((decode) => {
    const readings = [path];
    for (let count = 0; count < MOST_DECODINGS; count += 1) readings.push(decode(readings.at(-1) ?? ''));
    return readings.flatMap((reading) => [resolvePath(reading), resolvePath(withoutParameters(reading))]);
  });

const tail = fc
  .array(fc.constantFrom(...PIECES, ...SIGNS), { minLength: 1, maxLength: 14 })
  .map((parts) => parts.join(''));

/** Encodes a text k-fold, each sign or not. */
const encoded = fc
  .tuple(
    fc.constantFrom('../x', '..;/x', './../x', '..', '..\\x'),
    fc.array(fc.bigInt(0n, 2n ** 40n), { maxLength: 6 }),
  )
  .map(([text, rounds]) =>
    rounds.reduce<string>(
      (path, chosen) =>
        Array.from(path)
          .map((sign, at) => (chosen & (1n << BigInt(at % 40)) ? `%${sign.charCodeAt(0).toString(16)}` : sign))
          .join(''),
      text,
    ),
  );

describe('a URL that a resource covers', () => {
  it('is at or below it, however often a server decodes its path', () => {
    fc.assert(
      fc.property(fc.oneof(tail, encoded), fc.constantFrom('', 'b/'), (path, before) => {
        const url = `${RESOURCE}/${before}${path}`;
        const parsed = new URL(url);
        const isSent = isWithinResource(RESOURCE, parsed);
        if (!coversUrl(RESOURCE, url) && !isSent) return;
        const [, shown = ''] = url.split('https://mcp.example.com');
        const outside = listReadings(coversUrl(RESOURCE, url) ? shown : parsed.pathname).filter(
          (reading) => !reading.startsWith('/a/mcp/'),
        );
        expect(outside).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });

  it('does not change for long when it is decoded: the number of decodings is bounded', () => {
    const url = `${RESOURCE}/${'%25'.repeat(100_000)}`;
    expect(coversUrl(RESOURCE, url)).toBe(false);
    expect(isWithinResource(RESOURCE, new URL(url))).toBe(false);
  });
});
