// The everything-server of the MCP project, as it is published, in a process of its own. It knows no authorization.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { freePort } from '../../../local/http/loopback.ts';

const PROGRAM = resolve('node_modules/@modelcontextprotocol/server-everything/dist/index.js');

/** A running server. */
export interface EverythingServer {
  url: string;
  stop(): Promise<void>;
}

/** Starts it on a free port; it says on stderr that it listens. */
export const startEverythingServer = async (): Promise<EverythingServer> => {
  const port = await freePort();
  const env = { PATH: process.env.PATH, PORT: String(port) };
  const child = spawn(process.execPath, [PROGRAM, 'streamableHttp'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit');
  let said = '';
  await new Promise<void>((started, failed) => {
    child.stderr.on('data', (chunk) => {
      said += chunk;
      if (said.includes('listening')) started();
    });
    child.once('exit', () => failed(new Error(`the everything-server ended: ${said}`)));
  });
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  return { url: `http://127.0.0.1:${port}/mcp`, stop };
};
