// An agent that calls MCP servers for a user, with the MCP SDK. The SDK does no OAuth: the fetch it gets sends a token that works.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { createWorker, InsufficientScopesError } from 'keyhold/client';

const keyhold = createWorker({ url: process.env.KEYHOLD_URL ?? 'http://127.0.0.1:3000' });

/** The texts that a tool answers, or where the user must go to let it be called. */
export const callTool = async (userId: string, serverUrl: string, name: string): Promise<string[] | URL> => {
  const server = new URL(serverUrl);
  const agent = new Client({ name: 'my-agent', version: '1.0.0' });
  try {
    await agent.connect(new StreamableHTTPClientTransport(server, { fetch: keyhold.fetchForMcp(userId, server) }));
    const { content } = await agent.callTool({ name });
    return (content as { text?: string }[]).map(({ text = '' }) => text);
  } catch (error) {
    if (!(error instanceof InsufficientScopesError)) throw error;
    const { authorizationUrl } = await keyhold.startConnection(userId, error.stepUp);
    return new URL(authorizationUrl);
  } finally {
    await agent.close();
  }
};
