// Reads the JSON body of a local route and says in one line what is wrong with it.
import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { readBody } from '../http/read-body.ts';
import { jsonReply, type Reply, refusals } from '../http/reply.ts';

const MAX_BODY_BYTES = 64 * 1024;

/** A user's id, as the claim `sub` carries it. */
export const Subject = z
  .string()
  .min(1)
  .refine((text) => [...text].length <= 256 && text.isWellFormed(), 'expected 1 to 256 Unicode characters');

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The parsed body, or the refusal to answer with. `example` is shown to the caller. */
export const readJsonBody = async <T>(
  request: IncomingMessage,
  schema: z.ZodType<T>,
  example: string,
): Promise<{ data: T } | { refusal: Reply }> => {
  const body = await readBody(request, MAX_BODY_BYTES);
  if (!body) return { refusal: refusals.tooLarge };
  const parsed = schema.safeParse(parseJson(body.toString('utf8')));
  if (parsed.success) return { data: parsed.data };
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') || 'body';
  return { refusal: jsonReply(400, { message: `expected JSON like ${example}; ${where}: ${issue?.message}` }) };
};
