// Reading a body: whole up to the limit, and not a byte more than that.
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readBody } from '../../../../local/http/read-body.ts';

const requestOf = (chunks: string[], headers = {}) =>
  Object.assign(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), { headers }) as unknown as IncomingMessage;

describe('readBody', () => {
  it('gives the whole of a body at the limit', async () => {
    expect(await readBody(requestOf(['ab', 'c']), 3)).toEqual(Buffer.from('abc'));
  });

  it('gives nothing of a body over the limit, and reads no further', async () => {
    const request = requestOf(['ab', 'cd', 'ef']);
    expect(await readBody(request, 3)).toBeUndefined();
    expect(request.listenerCount('data')).toBe(0);
  });

  it('does not begin with a body that is announced as too long', async () => {
    const request = requestOf(['a'], { 'content-length': '4' });
    expect(await readBody(request, 3)).toBeUndefined();
    expect(request.readableFlowing).toBeNull();
  });

  it('rejects when the client goes away', async () => {
    const request = requestOf(['a']);
    request.destroy();
    await expect(readBody(request, 3)).rejects.toThrow();
  });
});
