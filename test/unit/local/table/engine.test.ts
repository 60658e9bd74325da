// The table engine as a child: one server per folder, no engine left over, and nothing of anybody else's touched.
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

/** An engine that nobody watches, as one is whose server was killed. */
const startUnwatched = async (tableFile: string) => {
  const binary = join(createRequire(import.meta.url).resolve('@dynoxide/linux-x64/package.json'), '../dynoxide');
  const port = await freePort();
  const child = spawn(binary, engineArguments(String(port), tableFile), { stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await once(createInterface({ input: child.stderr }), 'line');
  return { child, url: `http://127.0.0.1:${port}` };
};

describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64')('startEngine', () => {
  it('serves, and stops when told', async () => {
    const engine = await start(await openHome(await temporaryFolder()));
    expect(await isServing(engine.endpoint)).toBe(true);
    await engine.stop();
    expect(await isServing(engine.endpoint)).toBe(false);
  });

  it('refuses a second one on the folder, and not after the first has stopped', async () => {
    const home = await openHome(await temporaryFolder());
    const first = await start(home);
    await expect(startEngine(home)).rejects.toThrow(StartRefused);
    expect(await isServing(first.endpoint)).toBe(true);
    await first.stop();
    expect(await isServing((await start(home)).endpoint)).toBe(true);
  });

  it('ends an engine left over on its own file, and no other', async () => {
    const home = await openHome(await temporaryFolder());
    const leftOver = await startUnwatched(home.tableFile);
    const another = await startUnwatched(join(await temporaryFolder(), 'table.db'));
    const ended = once(leftOver.child, 'exit');
    const engine = await start(home);
    expect((await ended)[1]).toBe('SIGKILL');
    expect(await Promise.all([engine.endpoint, another.url].map(isServing))).toEqual([true, true]);
  });

  it('refuses a file that is no table', async () => {
    const home = await openHome(await temporaryFolder());
    await expect(startEngine({ ...home, tableFile: home.secretsFolder })).rejects.toThrow(StartRefused);
  });

  it('makes the table once for several that want it at the same time', async () => {
    const { endpoint } = await start(await openHome(await temporaryFolder()));
    await Promise.all(Array.from({ length: 5 }, () => ensureTable(endpoint, 'keyhold')));
  });
});

it('says that an engine elsewhere does not answer', async () => {
  await expect(ensureTable(`http://127.0.0.1:${await freePort()}`, 'keyhold')).rejects.toThrow(StartRefused);
});
