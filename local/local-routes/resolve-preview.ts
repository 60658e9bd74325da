// POST /_local/resolve: resolves a credential as a worker would, and answers with a fingerprint in place of the secret. A
// page cannot sign a worker's request; with this the demo shows that a token was refreshed, and never sees the token.
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { encodeUserSegment } from '../../lib/domain/values/user-path.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import { readJsonBody, Subject } from './json-body.ts';
import type { LocalParts } from './local-parts.ts';

const EXAMPLE = '{"sub": "alice", "credentialId": "5a0c…"}';
const FINGERPRINT_DIGITS = 12;

const PreviewRequest = z.strictObject({ sub: Subject, credentialId: z.string().min(1).max(128) });

/** As much of the answer of `resolve` as is needed here. */
const Resolved = z.object({
  headers: z.record(z.string(), z.string()),
  query: z.record(z.string(), z.string()),
  expiresAt: z.string().nullable(),
  stale: z.boolean(),
});

const fingerprint = ({ headers, query }: z.infer<typeof Resolved>): string =>
  createHash('sha256')
    .update(JSON.stringify([headers, query]))
    .digest('hex')
    .slice(0, FINGERPRINT_DIGITS);

/** Answers `{fingerprint, expiresAt, stale}`, or the problem that `resolve` answered with. */
export const previewResolve = async (request: IncomingMessage, { callAsWorker }: LocalParts): Promise<Reply> => {
  const body = await readJsonBody(request, PreviewRequest, EXAMPLE);
  if ('refusal' in body) return body.refusal;
  const { sub, credentialId } = body.data;
  const reply = await callAsWorker(`/v1/users/${encodeUserSegment(sub)}/resolve`, { credentialId });
  if (reply.status !== 200) return reply;
  const resolved = Resolved.parse(JSON.parse(reply.body.toString('utf8')));
  const { expiresAt, stale } = resolved;
  return jsonReply(200, { fingerprint: fingerprint(resolved), expiresAt, stale }, { 'cache-control': 'no-store' });
};
