// A tool of an AI SDK that acts for the user of the conversation. The model sees the answer of the API, never the token.
import { tool } from 'ai';
import { createWorker } from 'keyhold/client';
import * as z from 'zod';

/** GitHub's owner/name and nothing else: the text of a model must not lead the call to another path or query. */
const REPOSITORY = /^(?!\.{1,2}\/)[\w.-]+\/(?!\.{1,2}$)[\w.-]+$/;

const keyhold = createWorker({ url: process.env.KEYHOLD_URL ?? 'http://127.0.0.1:3000' });

/** The tools for one user. */
export const toolsFor = (userId: string) => ({
  openIssue: tool({
    description: 'Opens an issue in a GitHub repository of the user.',
    inputSchema: z.object({ repository: z.string().regex(REPOSITORY).describe('owner/name'), title: z.string() }),
    execute: async ({ repository, title }) => {
      const response = await keyhold.fetch(userId, `/repos/${repository}/issues`, {
        provider: 'github',
        method: 'POST',
        body: JSON.stringify({ title }),
      });
      if (!response.ok) return { error: `GitHub answered ${response.status}` };
      const { html_url: url } = (await response.json()) as { html_url: string };
      return { url };
    },
  }),
});
