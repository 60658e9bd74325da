// POST /_local/token: a token of the user plane for any user, in place of an identity provider.
import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { jsonReply, type Reply } from '../http/reply.ts';
import { readJsonBody, Subject } from './json-body.ts';
import type { LocalParts } from './local-parts.ts';

const DAY_SECONDS = 24 * 60 * 60;
const EXAMPLE = '{"sub": "alice", "expiresInSeconds": 3600}';

const TokenRequest = z.strictObject({
  sub: Subject,
  /** Zero or less gives a token that has expired, to test how a client handles one. */
  expiresInSeconds: z
    .int()
    .min(-DAY_SECONDS)
    .max(365 * DAY_SECONDS)
    .default(DAY_SECONDS / 24),
});

/** Answers `{"accessToken": "…"}`, or 400 with what is wrong. */
export const issueToken = async (request: IncomingMessage, { tokens }: LocalParts): Promise<Reply> => {
  const body = await readJsonBody(request, TokenRequest, EXAMPLE);
  if ('refusal' in body) return body.refusal;
  const accessToken = await tokens.issue(body.data.sub, body.data.expiresInSeconds);
  return jsonReply(200, { accessToken }, { 'cache-control': 'no-store' });
};
