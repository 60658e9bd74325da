// The official SDK of GitHub. It gets a function like fetch, so that each of its calls has a token that works.
import { Octokit } from '@octokit/core';
import { createWorker } from 'keyhold/client';

const keyhold = createWorker({ url: process.env.KEYHOLD_URL ?? 'http://127.0.0.1:3000' });

/** The login of the user at GitHub. `baseUrl` is that of GitHub Enterprise Server, where there is one. */
export const readLogin = async (userId: string, baseUrl = 'https://api.github.com'): Promise<string> => {
  const octokit = new Octokit({ baseUrl, request: { fetch: keyhold.fetchAs(userId, { provider: 'github' }) } });
  const { data } = await octokit.request('GET /user');
  return data.login;
};
