// Started by the bench as a fresh process, in JavaScript so that nothing of TypeScript is loaded: imports a bundle, calls it once and
// reports the CPU and the time that took.
import { pathToFileURL } from 'node:url';

process.once('message', async ({ bundle, event }) => {
  const [cpu, startedAt] = [process.cpuUsage(), performance.now()];
  const module = await import(pathToFileURL(bundle).href);
  const handler = module.handler ?? module.default.handler;
  const answer = await handler(event, { getRemainingTimeInMillis: () => 30_000 });
  const { user, system } = process.cpuUsage(cpu);
  const wall = performance.now() - startedAt;
  process.send({ cpu: (user + system) / 1000, wall, status: answer?.statusCode ?? 0 }, () => process.exit(0));
});
