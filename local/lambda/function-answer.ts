// Turns the result of a function into an HTTP answer, as API Gateway does for payload format 2.0: 500 for a result that is
// none.
import { validateHeaderName, validateHeaderValue } from 'node:http';
import * as z from 'zod';
import { jsonReply, type Reply, refusals } from '../http/reply.ts';

/** Lambda's limit for a synchronous call, request and response each. */
export const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;

const Structured = z.object({
  statusCode: z.coerce.number().int().min(200).max(599),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  cookies: z.array(z.string()).optional(),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().optional(),
});
type Structured = z.infer<typeof Structured>;

/** Headers that the HTTP server sets itself. */
const CONNECTION_HEADERS = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'upgrade']);

const readHeaders = ({ headers = {}, cookies, body }: Structured): Reply['headers'] => {
  const kept = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), String(value)] as const)
    .filter(([name]) => !CONNECTION_HEADERS.has(name));
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

const toStructuredReply = (answer: Structured): Reply => ({
  status: answer.statusCode,
  headers: readHeaders(answer),
  body: Buffer.from(answer.body ?? '', answer.isBase64Encoded ? 'base64' : 'utf8'),
});

/** A result without a status code is the body of a 200. */
const isInferred = (result: unknown): boolean =>
  typeof result !== 'object' || result === null || !('statusCode' in result);

/** The answer for what the function returned. */
export const toReply = (result: unknown): Reply => {
  if (result === undefined) return refusals.internalError;
  if (isInferred(result)) {
    const body = typeof result === 'string' ? Buffer.from(result) : Buffer.from(JSON.stringify(result));
    return { ...jsonReply(200, {}), body };
  }
  const parsed = Structured.safeParse(result);
  if (!parsed.success || Buffer.byteLength(parsed.data.body ?? '') > MAX_PAYLOAD_BYTES) return refusals.internalError;
  try {
    return toStructuredReply(parsed.data);
  } catch {
    // A header name or value that HTTP does not allow.
    return refusals.internalError;
  }
};
