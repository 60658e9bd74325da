// GET /_local/connect?user=alice: makes a connect link as a back end would, and sends the browser to it. A new link each time, so the
// printed address serves again and again, in any browser of this machine.
import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { encodeUserSegment } from '../../lib/domain/values/user-path.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import { Subject } from './json-body.ts';
import { CALLBACK_PATH, type LocalParts } from './local-parts.ts';

/** Its path. */
export const CONNECT_LINK_PATH = '/_local/connect';

const CreatedLink = z.object({ url: z.string() });

/** Answers a redirect to the link, or what the route that makes links answered. */
export const openConnectPage = async (
  { url = '' }: IncomingMessage,
  { callAsWorker, redirectUri }: LocalParts,
): Promise<Reply> => {
  const user = Subject.safeParse(new URL(url, 'http://local').searchParams.get('user') ?? 'alice');
  if (!user.success) return jsonReply(400, { message: 'expected ?user= with 1 to 256 characters' });
  const returnUrl = `${redirectUri.slice(0, -CALLBACK_PATH.length)}/_local/demo`;
  const made = await callAsWorker(`/v1/users/${encodeUserSegment(user.data)}/connect-links`, {
    manage: true,
    returnUrl,
  });
  if (made.status !== 201) return made;
  const { url: location } = CreatedLink.parse(JSON.parse(made.body.toString('utf8')));
  return { status: 303, headers: { location, 'cache-control': 'no-store' }, body: Buffer.alloc(0) };
};
