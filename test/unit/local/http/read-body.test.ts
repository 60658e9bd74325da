// Reading a body: all of it up to the limit, and nothing above.
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readBody } from '../../../../local/http/read-body.ts';

const makeRequest = (chunks: string[], headers = {}) =>
  Object.assign(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), { headers }) as unknown as IncomingMessage;

describe('readBody', () => {
  it('returns a body of exactly the limit', async () => {
    expect(await readBody(makeRequest(['ab', 'c']), 3)).toEqual(Buffer.from('abc'));
  });

  it('returns undefined above the limit and stops reading', async () => {
    const request = makeRequest(['ab', 'cd', 'ef']);
    expect(await readBody(request, 3)).toBeUndefined();
    expect(request.listenerCount('data')).toBe(0);
  });

  it('does not read a body whose Content-Length is above the limit', async () => {
    const request = makeRequest(['a'], { 'content-length': '4' });
    expect(await readBody(request, 3)).toBeUndefined();
    expect(request.readableFlowing).toBeNull();
  });

  it('rejects when the client goes away', async () => {
    const request = makeRequest(['a']);
    request.destroy();
    await expect(readBody(request, 3)).rejects.toThrow();
  });
});
