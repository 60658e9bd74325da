// `npm start`: runs Keyhold whole on this machine. A reason not to start is one line and exit code 1; SIGTERM and SIGINT
// stop it cleanly; what was acknowledged is on disk whatever happens.
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { BANNER_TOKEN_SECONDS, banner, readyLine } from './banner.ts';
import { reportFault } from './report-fault.ts';
import type { LocalServer } from './server.ts';
import { readSettings } from './settings.ts';
import { StartRefused } from './start-refused.ts';

const giveUp = (reason: string): never => {
  console.error(`keyhold: ${reason}`);
  process.exit(1);
};

const here = (path: string): string => join(import.meta.dirname, path);

const start = async (): Promise<LocalServer> => {
  const settings = readSettings(process.env);
  // The rest is large: loaded only now, and next time from what was compiled.
  enableCompileCache(here('../node_modules/.cache/keyhold'));
  const { startServer } = await import('./server.ts');
  const { routes } = await import('../lib/http/routes/routes.ts');
  return startServer(settings, { routes, functionsFolder: here('../functions') });
};

const announce = async ({ url, folder, tokens }: LocalServer): Promise<void> => {
  const token = await tokens.issue('alice', BANNER_TOKEN_SECONDS);
  const isColoured = process.stdout.isTTY === true && !process.env.NO_COLOR;
  console.log(readyLine(url));
  console.log(banner({ url, token, folder, isColoured }));
};

const untilSignal = (): Promise<void> =>
  new Promise((signalled) => {
    // Heeded once: the same signal again ends the process at once.
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => signalled());
  });

const main = async (): Promise<void> => {
  const signalled = untilSignal();
  // Nothing is under way before it answers: the engine ends with the process.
  const server = await Promise.race([start(), signalled]);
  if (!server) return process.exit(0);
  server.engineDied.then(() => giveUp('the table engine died; start again, what was acknowledged is kept'));
  await announce(server);
  await signalled;
  await server.stop();
  process.exit(0);
};

// Files of the stand-ins and of the engine are for their owner only.
process.umask(0o077);
// Whoever read our output may have left.
process.stdout.on('error', () => {});
// On AWS it would cost one invocation; here it must not cost the server.
process.on('unhandledRejection', (error) => reportFault('work left behind by a function', error));
process.on('uncaughtException', (error) => {
  reportFault('the server', error);
  process.exit(1);
});
main().catch((error) => {
  if (error instanceof StartRefused) giveUp(error.message);
  reportFault('the server', error);
  process.exit(1);
});
