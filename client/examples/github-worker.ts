// A worker that calls GitHub for a user. The token is refreshed when it must be, and is never seen here.
import { createWorker, KeyholdError } from 'keyhold/client';

const keyhold = createWorker({ url: process.env.KEYHOLD_URL ?? 'http://127.0.0.1:3000' });

/** The names of the user's repositories, or what the user has to do first. */
export const listRepositories = async (userId: string): Promise<string[] | string> => {
  try {
    const response = await keyhold.fetch(userId, '/user/repos', { provider: 'github', scopes: ['repo'] });
    if (!response.ok) throw new Error(`GitHub answered ${response.status}`);
    const repositories = (await response.json()) as { name: string }[];
    return repositories.map(({ name }) => name);
  } catch (error) {
    if (error instanceof KeyholdError && error.code === 'not_connected') return 'connect GitHub first';
    if (error instanceof KeyholdError && error.code === 'reconnect_required') return 'connect GitHub again';
    throw error;
  }
};
