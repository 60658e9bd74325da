// The table engine as a child process: one server per folder, no engine left over, and no other process killed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Home, openHome } from '../../../../local/home.ts';
import { freePort } from '../../../../local/http/loopback.ts';
import { StartRefused } from '../../../../local/start-refused.ts';
import { type Engine, startEngine } from '../../../../local/table/engine.ts';
import { engineArguments } from '../../../../local/table/engine-command.ts';
import { ensureTable } from '../../../../local/table/ensure-table.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const start = async (home: Home): Promise<Engine> => {
  const engine = await startEngine(home);
  onTestFinished(() => engine.stop());
  return engine;
};

const isServing = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

/** An engine without a server, as one is whose server was killed. */
const startUnwatched = async (tableFile: string) => {
  const binary = join(createRequire(import.meta.url).resolve('@dynoxide/linux-x64/package.json'), '../dynoxide');
  const port = await freePort();
  const child = spawn(binary, engineArguments({ host: '127.0.0.1', port: String(port) }, tableFile), {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await once(createInterface({ input: child.stderr }), 'line');
  return { child, url: `http://127.0.0.1:${port}` };
};

describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64')('startEngine', () => {
  it('serves until stop', async () => {
    const engine = await start(await openHome(await temporaryFolder()));
    expect(await isServing(engine.endpoint)).toBe(true);
    await engine.stop();
    expect(await isServing(engine.endpoint)).toBe(false);
  });

  it('refuses a second engine on the folder until the first has stopped', async () => {
    const home = await openHome(await temporaryFolder());
    const first = await start(home);
    await expect(startEngine(home)).rejects.toThrow(StartRefused);
    expect(await isServing(first.endpoint)).toBe(true);
    await first.stop();
    expect(await isServing((await start(home)).endpoint)).toBe(true);
  });

  it('kills an engine left over on its own file, and no other', async () => {
    const home = await openHome(await temporaryFolder());
    const leftOver = await startUnwatched(home.tableFile);
    const another = await startUnwatched(join(await temporaryFolder(), 'table.db'));
    const ended = once(leftOver.child, 'exit');
    const engine = await start(home);
    expect((await ended)[1]).toBe('SIGKILL');
    expect(await Promise.all([engine.endpoint, another.url].map(isServing))).toEqual([true, true]);
  });

  it('refuses a file that is not a table', async () => {
    const home = await openHome(await temporaryFolder());
    await expect(startEngine({ ...home, tableFile: home.secretsFolder })).rejects.toThrow(StartRefused);
  });

  it('creates the table once when several servers start together', async () => {
    const { endpoint } = await start(await openHome(await temporaryFolder()));
    await Promise.all(Array.from({ length: 5 }, () => ensureTable(endpoint, 'keyhold')));
  });
});

it('refuses to start when an engine at another endpoint does not answer', async () => {
  await expect(ensureTable(`http://127.0.0.1:${await freePort()}`, 'keyhold')).rejects.toThrow(StartRefused);
});
