// What a function returns, made an answer as API Gateway makes it of payload format 2.0. What it cannot make one of is the
// function's fault: 500.
import { validateHeaderName, validateHeaderValue } from 'node:http';
import * as z from 'zod';
import { jsonReply, type Reply, refusals } from '../http/reply.ts';

/** Lambda's own limit on what a synchronous call may carry, each way. */
export const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;

const Structured = z.object({
  statusCode: z.coerce.number().int().min(200).max(599),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  cookies: z.array(z.string()).optional(),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().optional(),
});
type Structured = z.infer<typeof Structured>;

/** The server says these itself, of the bytes it sends. */
const OF_THE_CONNECTION = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'upgrade']);

const headersOf = ({ headers = {}, cookies, body }: Structured): Reply['headers'] => {
  const kept = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), String(value)] as const)
    .filter(([name]) => !OF_THE_CONNECTION.has(name));
  for (const [name, value] of kept) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
  for (const cookie of cookies ?? []) validateHeaderValue('set-cookie', cookie);
  return {
    ...(body && { 'content-type': 'text/plain; charset=utf-8' }),
    ...Object.fromEntries(kept),
    ...(cookies && { 'set-cookie': cookies }),
  };
};

const structuredReply = (answer: Structured): Reply => ({
  status: answer.statusCode,
  headers: headersOf(answer),
  body: Buffer.from(answer.body ?? '', answer.isBase64Encoded ? 'base64' : 'utf8'),
});

/** An answer without a status code is itself the body of a 200. */
const isInferred = (result: unknown): boolean =>
  typeof result !== 'object' || result === null || !('statusCode' in result);

export const replyOf = (result: unknown): Reply => {
  if (result === undefined) return refusals.internalError;
  if (isInferred(result)) {
    const body = typeof result === 'string' ? Buffer.from(result) : Buffer.from(JSON.stringify(result));
    return { ...jsonReply(200, {}), body };
  }
  const parsed = Structured.safeParse(result);
  if (!parsed.success || Buffer.byteLength(parsed.data.body ?? '') > MAX_PAYLOAD_BYTES) return refusals.internalError;
  try {
    return structuredReply(parsed.data);
  } catch {
    // A header that HTTP cannot carry.
    return refusals.internalError;
  }
};
