// Reads the body of a request up to a limit. Above the limit nothing more is kept, even if Content-Length is smaller.
import type { IncomingMessage } from 'node:http';

/** `limit` in bytes. Resolves to undefined above the limit; rejects when the client goes away before the end of the body. */
export const readBody = (request: IncomingMessage, limit: number): Promise<Buffer | undefined> => {
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    if (request.destroyed) reject(new Error('the client went away'));
    const chunks: Buffer[] = [];
    let length = 0;
    const keep = (chunk: Buffer): void => {
      length += chunk.length;
      if (length <= limit) {
        chunks.push(chunk);
        return;
      }
      request.off('data', keep);
      resolve(undefined);
    };
    request.on('data', keep);
    request.once('end', () => resolve(Buffer.concat(chunks, length)));
    request.once('error', reject);
    request.once('close', () => reject(new Error('the client went away')));
  });
};
