// `npm start`: runs all of Keyhold on this machine. If it cannot start, it prints one line and exits with 1. SIGTERM and SIGINT
// stop it cleanly. Every acknowledged write is on disk, however the process ends.
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { BANNER_TOKEN_SECONDS, banner, readyLine } from './banner.ts';
import { isRepeatedByDemo, requestLine, useTerminalLog } from './console/terminal-log.ts';
import type { OnAnswered } from './http/http-server.ts';
import { reportFault } from './report-fault.ts';
import type { LocalServer } from './server.ts';
import { readSettings } from './settings.ts';
import { StartRefused } from './start-refused.ts';

const giveUp = (reason: string): never => {
  console.error(`keyhold: ${reason}`);
  process.exit(1);
};

const here = (path: string): string => join(import.meta.dirname, path);

/** One line for each request on a terminal. Piped, the JSON lines of the functions are the log. */
const logRequest: OnAnswered = (request, reply, milliseconds) => {
  if (!process.stdout.isTTY || isRepeatedByDemo(request, reply)) return;
  console.log(requestLine(request, reply, { at: new Date(), milliseconds }));
};

const start = async (): Promise<LocalServer> => {
  const settings = readSettings(process.env);
  // The rest is large: it is loaded after the settings were checked, and compiled once.
  enableCompileCache(here('../node_modules/.cache/keyhold'));
  const { startServer } = await import('./server.ts');
  const { routes } = await import('../lib/http/routes/routes.ts');
  return startServer(settings, { routes, functionsFolder: here('../functions') }, logRequest);
};

const announce = async ({ tokens, ...facts }: LocalServer): Promise<void> => {
  const token = await tokens.issue('alice', BANNER_TOKEN_SECONDS);
  const isColoured = process.stdout.isTTY === true && !process.env.NO_COLOR;
  // One write: a program that has read the ready line has the commands too.
  console.log(`${readyLine(facts.url)}\n${banner({ ...facts, token, isColoured })}`);
};

const untilSignal = (): Promise<void> =>
  new Promise((signalled) => {
    // Handled once: a second signal of the same name ends the process at once.
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => signalled());
  });

const main = async (): Promise<void> => {
  const signalled = untilSignal();
  // Before it is ready no request is being answered, and the engine ends with the process.
  const server = await Promise.race([start(), signalled]);
  if (!server) return process.exit(0);
  server.engineDied.then(() => giveUp('the table engine ended; start again, every acknowledged write is kept'));
  await announce(server);
  await signalled;
  await server.stop();
  process.exit(0);
};

// Files of the stand-ins and of the engine are readable by their owner only.
process.umask(0o077);
for (const stream of [process.stdout, process.stderr]) if (stream.isTTY) useTerminalLog(stream);
// The program that reads a pipe may end before the server.
process.stdout.on('error', () => {});
// On AWS it would end one invocation; here it must not end the server.
process.on('unhandledRejection', (error) => reportFault('a promise that a function did not await', error));
process.on('uncaughtException', (error) => {
  reportFault('the server', error);
  process.exit(1);
});
main().catch((error) => {
  if (error instanceof StartRefused) giveUp(error.message);
  reportFault('the server', error);
  process.exit(1);
});
