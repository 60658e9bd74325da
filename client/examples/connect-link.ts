// A back end that makes a link for its user, and sends the browser there.
import { createWorker } from 'keyhold/client';

const keyhold = createWorker({ url: process.env.KEYHOLD_URL ?? 'http://127.0.0.1:3000' });

/** Where to redirect the browser of this user. Do not log it: the first person who opens it connects for the user. */
export const makeConnectLink = async (userId: string, returnUrl: string): Promise<string> => {
  const { url } = await keyhold.createConnectLink(userId, { manage: true, returnUrl });
  return url;
};
