// The official SDK of Slack. It wants the token itself, so it is made anew for each job and dropped after it.
import { WebClient, type WebClientOptions } from '@slack/web-api';
import { createWorker } from 'keyhold/client';

const keyhold = createWorker({ url: process.env.KEYHOLD_URL ?? 'http://127.0.0.1:3000' });

/** Posts a message as the user, or says why it cannot. */
export const postMessage = async (
  userId: string,
  message: { channel: string; text: string },
  options: WebClientOptions = {},
): Promise<'posted' | 'not connected'> => {
  const outcome = await keyhold.resolve(userId, { provider: 'slack', scopes: ['chat:write'] });
  if (outcome.kind !== 'resolved') return 'not connected';
  const { secret } = outcome.credential;
  if (!('accessToken' in secret)) return 'not connected';
  const slack = new WebClient(secret.accessToken, options);
  await slack.chat.postMessage(message);
  return 'posted';
};
