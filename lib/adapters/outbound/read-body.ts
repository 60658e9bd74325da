// Reads the body of a response into memory, up to a limit, and undoes its content codings (RFC 9110 §8.4). The limit holds for what
// comes over the wire and for the result of every decoding, so that a small body cannot become a large one.
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib';
import { OutboundFault } from './outbound-fault.ts';

const MAX_BODY_BYTES = 256 * 1024;
/** No server needs more than one. */
const MAX_CODINGS = 4;

type Decode = (body: Buffer) => Promise<Buffer>;

const bounded = { maxOutputLength: MAX_BODY_BYTES };
const decodeGzip: Decode = (body) => promisify(gunzip)(body, bounded);

/** The header of a zlib stream (RFC 1950 §2.2). Some servers send the bare stream (RFC 1951) by the name `deflate`. */
const hasZlibHeader = (body: Buffer): boolean =>
  body.length >= 2 && ((body[0] as number) & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0;

const decoders: ReadonlyMap<string, Decode> = new Map([
  ['identity', async (body) => body],
  ['gzip', decodeGzip],
  ['x-gzip', decodeGzip],
  ['deflate', (body) => promisify(hasZlibHeader(body) ? inflate : inflateRaw)(body, bounded)],
  ['br', (body) => promisify(brotliDecompress)(body, bounded)],
  ['zstd', (body) => promisify(zstdDecompress)(body, bounded)],
]);

const isTooLarge = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';

const decode = async (body: Buffer, coding: string): Promise<Buffer> => {
  const decoder = decoders.get(coding);
  if (decoder === undefined) throw new OutboundFault('encoded');
  try {
    return await decoder(body);
  } catch (error) {
    throw new OutboundFault(isTooLarge(error) ? 'too_large' : 'encoded');
  }
};

/** In the order in which they were applied. */
const listCodings = ({ headers }: IncomingMessage): string[] =>
  (headers['content-encoding'] ?? '')
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '');

const readAll = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new OutboundFault('too_large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

/** The decoded body. Throws OutboundFault: `too_large`, `encoded` (an unknown coding, or a body that is not in it). */
export const readBody = async (message: IncomingMessage): Promise<Buffer> => {
  const codings = listCodings(message);
  if (codings.length > MAX_CODINGS || codings.some((coding) => !decoders.has(coding)))
    throw new OutboundFault('encoded');
  let body = await readAll(message);
  // A response without a body may name a coding all the same.
  if (body.length === 0) return body;
  for (const coding of codings.toReversed()) body = await decode(body, coding);
  return body;
};
